# Source: GitHub Copilot CLI 1.0.102, its own tools as its hooks name them.
profile copilot
alias copilot-cli
relative cwd
agent SERVER-TOOL
tool bash        command=shell description,shellId,sessionId,mode=text detach,async=flag
	initial_wait,timeout=number
tool read_bash   nothing  *=text
tool write_bash  input shellId,sessionId,input=text delay=number
tool stop_bash   nothing  *=text
tool list_bash   nothing  *=text
tool create      path=write file_text=text
tool edit        path=edit old_str,new_str=text
tool view        path=read view_range=text forceReadLargeFiles=flag
tool str_replace_editor  unknown command,path,file_text,old_str,new_str=text view_range=text
	insert_line=number
tool apply_patch input=patch
tool grep        reads-scope path=search? glob=filter? pattern,type,output_mode=text
	-A,-B,-C,head_limit=number -n,-i,multiline=flag
tool glob        reads-scope pattern=glob path=list?
tool rg          reads-scope path=search? glob=filter? pattern,type,output_mode=text
	-A,-B,-C,head_limit=number -n,-i,multiline=flag
tool web_fetch   url=url max_length,start_index=number raw=flag
tool web_search  web query=text
tool task        nothing  *=text
tool read_agent  nothing  *=text
tool list_agents nothing  *=text
tool skill       nothing  *=text
tool ask_user    nothing  *=text
tool update_todo nothing  *=text
tool report_intent  nothing  *=text
tool exit_plan_mode nothing  *=text
tool task_complete  nothing  *=text
tool fetch_copilot_cli_documentation  nothing  *=text
tool sql         unknown description,query=text
tool store_memory  unknown subject,fact,citations,reason,category=text
