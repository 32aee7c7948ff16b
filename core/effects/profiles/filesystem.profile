# Source: @modelcontextprotocol/server-filesystem 2026.8.31, its tools/list reply.
profile filesystem
package @modelcontextprotocol/server-filesystem
command mcp-server-filesystem
relative scope
tool read_file                  path=read head=number tail=number
tool read_text_file             path=read head=number tail=number
tool read_media_file            path=read
tool read_multiple_files        paths=read*
tool list_directory             path=list
tool list_directory_with_sizes  path=list sortBy=text
tool directory_tree             path=list excludePatterns=text
tool search_files               path=list pattern=text excludePatterns=text
tool get_file_info              path=list
tool list_allowed_directories   nothing
tool write_file                 path=write content=text
tool edit_file                  path=edit edits=text dryRun=flag
tool create_directory           path=mkdir
tool move_file                  source=away destination=write
