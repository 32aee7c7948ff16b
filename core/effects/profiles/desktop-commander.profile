# Source: @wonderwhy-er/desktop-commander 0.2.52, its tools/list reply.
profile desktop-commander
package @wonderwhy-er/desktop-commander
command desktop-commander
relative cwd
# Of its own settings and its own history.
tool get_config                 remote-read origin=text
tool set_config_value           remote-write key,value,origin=text
tool get_usage_stats            remote-read
tool get_recent_tool_calls      remote-read maxResults=number toolName,since=text
tool get_prompts                remote-read action,promptId=text
tool give_feedback_to_desktop_commander  remote-write user_comment=text
# isUrl makes the path an address.
tool read_file                  path=read isUrl=held offset,length=number
	sheet,range,origin,options=text
tool read_multiple_files        paths=read*
tool write_file                 path=write content,mode,origin=text
# Its content may name other files and addresses.
tool write_pdf                  unknown path=write content,options=text outputPath=write?
tool create_directory           path=mkdir
tool list_directory             path=list depth=number origin=text
tool move_file                  source=away destination=write
tool get_file_info              path=list
tool edit_block                 file_path=edit old_string,new_string,range,content,options=text
	expected_replacements=number origin=text
# Searches run in the background; what they find is read by their number.
tool start_search               path=search pattern,searchType,origin=text filePattern=filter?
	includeHidden=held? ignoreCase,earlyTermination,literalSearch=flag
	maxResults,contextLines,timeout_ms=number
tool get_more_search_results    nothing sessionId=text offset,length=number
tool stop_search                nothing sessionId=text
tool list_searches              nothing
# Processes. What is typed into one is not seen as a command any more.
tool start_process              command=shell timeout_ms=number shell=program?
	verbose_timing=flag origin=text
tool execute_command            command=shell timeout_ms=number shell=program?
tool read_process_output        nothing pid,timeout_ms,offset,length=number verbose_timing=flag
tool read_output                nothing pid,timeout_ms=number
tool interact_with_process      input pid,timeout_ms=number input=text
	wait_for_prompt,verbose_timing=flag
tool force_terminate            input pid=number
tool kill_process               input pid=number
tool list_sessions              nothing
tool list_processes             nothing
