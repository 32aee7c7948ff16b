# Source: @modelcontextprotocol/server-memory 2026.8.31, its tools/list reply.
profile memory
package @modelcontextprotocol/server-memory
command mcp-server-memory
tool read_graph           remote-read
tool search_nodes         remote-read query=text
tool open_nodes           remote-read names=text
tool create_entities      remote-write entities=text
tool create_relations     remote-write relations=text
tool add_observations     remote-write observations=text
tool delete_entities      remote-write entityNames=text
tool delete_observations  remote-write deletions=text
tool delete_relations     remote-write relations=text
