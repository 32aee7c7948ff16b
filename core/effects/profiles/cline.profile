# Source: cline 3.0.65, its own tools as its hooks name them; the older names of its extension.
profile cline
relative cwd
agent SERVER__TOOL
tool run_commands       commands=shell*
tool read_files         unknown files,requests,paths=text
tool search_codebase    unknown queries=text
tool editor             unknown
tool apply_patch        input=patch
tool fetch_web_content  unknown requests=text
tool skills             nothing  *=text
tool ask_question       nothing  *=text
tool spawn_agent        nothing  *=text
tool submit_and_exit    nothing  *=text
# The extension's.
tool execute_command    command=shell requires_approval=flag timeout=number
tool read_file          path=read start_line,end_line=number
tool write_to_file      path=write content=text
tool replace_in_file    path=edit diff=text
tool list_files         path=list recursive=flag
tool list_code_definition_names  path=list
tool search_files       path=search file_pattern=filter? regex=text
tool web_fetch          url=url prompt=text
tool web_search         web query,allowed_domains,blocked_domains=text
tool browser_action     unknown action,url,coordinate,text=text
tool use_mcp_tool       unknown server_name,tool_name,arguments=text
tool access_mcp_resource  unknown server_name,uri=text
tool ask_followup_question  nothing  *=text
tool attempt_completion nothing  *=text
tool plan_mode_respond  nothing  *=text
tool act_mode_respond   nothing  *=text
tool focus_chain        nothing  *=text
tool new_task           nothing  *=text
tool load_mcp_documentation  nothing  *=text
