# Source: @agent-infra/mcp-server-commands 1.2.18, its tools/list reply.
profile agent-infra-commands
package @agent-infra/mcp-server-commands
relative cwd
tool run_command  command=shell cwd=cwd?
tool run_script   wide interpreter,script=text cwd=cwd?
