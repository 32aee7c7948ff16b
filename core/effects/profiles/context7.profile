# Source: @upstash/context7-mcp 4.1.1, its tools/list reply.
profile context7
package @upstash/context7-mcp
command context7-mcp
sandbox allow-net env=CONTEXT7_API_KEY
tool resolve-library-id  remote-read libraryName,query=text
tool query-docs          remote-read libraryId,query=text
tool get-library-docs    remote-read context7CompatibleLibraryID,topic,mode=text tokens,page=number
