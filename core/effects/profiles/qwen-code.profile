# Source: QwenLM/qwen-code 0.24.4, its own tools as its hooks name them.
profile qwen-code
alias qwen
relative cwd
agent mcp__SERVER__TOOL
tool run_shell_command  command=shell directory=cwd? description=text is_background=flag
	timeout=number
tool write_file         file_path=write content=text
tool edit               file_path=edit old_string,new_string=text replace_all=flag
tool notebook_edit      notebook_path=edit cell_id,new_source,cell_type,edit_mode=text
tool read_file          file_path,absolute_path=read? offset,limit=number pages=text
tool read_many_files    reads-scope paths,include=read-glob*? exclude=text
	recursive,useDefaultExcludes=flag file_filtering_options=text
tool list_directory     path=list ignore,file_filtering_options=text
tool glob               reads-scope pattern=glob path=list? case_sensitive=flag
	respect_git_ignore=flag
tool grep_search        reads-scope path=search? glob=filter? pattern=text limit=number
tool web_fetch          url=url prompt=text
tool web_search         web query,provider=text
tool save_memory        unknown fact,scope=text
tool todo_write         nothing  *=text
tool exit_plan_mode     nothing  *=text
tool ask_user_question  nothing  *=text
tool skill              nothing  *=text
tool agent              nothing  *=text
tool task               nothing  *=text
tool lsp                reads-scope filePath=read? operation,query=text line,character=number
tool cron_create        unknown
tool cron_list          nothing  *=text
tool cron_delete        unknown
