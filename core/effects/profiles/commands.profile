# Source: mcp-server-commands 0.5.0, its tools/list reply.
profile commands
package mcp-server-commands
relative cwd
# What is piped into a program may be a program.
tool run_command  command=shell workdir=cwd? stdin=held
