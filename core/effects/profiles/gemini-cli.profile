# Source: google-gemini/gemini-cli 0.61.0, its own tools as its hooks name them.
profile gemini-cli
alias gemini
relative cwd
agent mcp_SERVER_TOOL
tool run_shell_command  command=shell dir_path,directory=cwd? description=text is_background=flag
	delay_ms=number
tool write_file         file_path=write content=text ai_proposed_content=text
	modified_by_user=flag
tool replace            file_path=edit instruction,old_string,new_string=text allow_multiple=flag
	expected_replacements=number ai_proposed_content=text modified_by_user=flag
tool read_file          file_path=read start_line,end_line,offset,limit=number
tool read_many_files    reads-scope include=read-glob* exclude,file_filtering_options=text
	recursive,useDefaultExcludes=flag
tool list_directory     dir_path=list ignore,file_filtering_options=text
tool glob               reads-scope pattern=glob dir_path=list? case_sensitive=flag
	respect_git_ignore,respect_gemini_ignore=flag
tool grep_search        reads-scope dir_path=search? include,include_pattern=filter?
	pattern,exclude_pattern=text no_ignore=held? names_only,case_sensitive,fixed_strings=flag
	context,after,before,max_matches_per_file,total_max_matches=number
tool search_file_content  reads-scope dir_path=search? include=filter? pattern=text
	no_ignore=held? case_sensitive,fixed_strings=flag context,after,before,total_max_matches=number
tool web_fetch          web prompt,url=text
tool google_web_search  web query=text
tool save_memory        unknown fact,scope=text
tool write_todos        nothing  *=text
tool ask_user           nothing  *=text
tool enter_plan_mode    nothing  *=text
tool exit_plan_mode     nothing  *=text
tool activate_skill     nothing  *=text
tool invoke_agent       nothing  *=text
tool delegate_to_agent  nothing  *=text
tool complete_task      nothing  *=text
tool update_topic       nothing  *=text
tool get_internal_docs  nothing  *=text
tool list_background_processes  nothing  *=text
tool read_background_output     nothing  *=text
tool tracker_create_task  nothing  *=text
tool tracker_update_task  nothing  *=text
tool tracker_get_task     nothing  *=text
tool tracker_list_tasks   nothing  *=text
tool tracker_visualize    nothing  *=text
