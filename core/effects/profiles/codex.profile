# Source: openai/codex 0.169.0, its own tools as its hooks and logs name them.
profile codex
relative cwd
agent mcp__SERVER__TOOL
tool shell_command  command=shell workdir=cwd? login=flag timeout_ms,timeout=number
	justification,prefix_rule=text sandbox_permissions,with_escalated_permissions=outside
tool exec_command   cmd=shell workdir=cwd? shell=program? tty=held login=flag
	yield_time_ms,max_output_tokens=number justification,prefix_rule=text
	sandbox_permissions,with_escalated_permissions=outside
tool shell          command=argv workdir=cwd? timeout_ms,timeout=number justification=text
	prefix_rule=text sandbox_permissions,with_escalated_permissions=outside
tool local_shell    command=argv workdir=cwd? timeout_ms=number
tool container.exec command=argv workdir=cwd? timeout_ms=number
tool Bash           command=shell workdir=cwd? description=text
# A hook has the patch as its command, a log as its input.
tool apply_patch    input,command=patch? workdir=cwd? description=text
tool write_stdin    input session_id=number chars=text yield_time_ms,max_output_tokens=number
tool view_image     path=read
tool read_file      file_path=read offset,limit=number mode,indentation=text
tool list_dir       dir_path=list offset,limit,depth=number
tool grep_files     reads-scope path=search? include=filter? pattern=text limit=number
tool web_search     web query=text
tool update_plan    nothing  *=text
tool request_user_input  nothing  *=text
tool request_permissions unknown reason,permissions=text
tool get_goal       nothing  *=text
tool create_goal    nothing  *=text
tool update_goal    nothing  *=text
tool spawn_agent    nothing  *=text
tool send_input     nothing  *=text
tool resume_agent   nothing  *=text
tool wait           nothing  *=text
tool wait_agent     nothing  *=text
tool close_agent    nothing  *=text
tool list_mcp_resources           nothing  *=text
tool list_mcp_resource_templates  nothing  *=text
tool read_mcp_resource            unknown server,uri=text
tool js_repl        wide input,code=text
