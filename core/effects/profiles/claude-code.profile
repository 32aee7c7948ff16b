# Source: Claude Code 2.1.330, its own tools as its hooks name them; older names beside them.
profile claude-code
alias claude
relative cwd
agent mcp__SERVER__TOOL
tool Bash          command=shell timeout=number description=text run_in_background=flag
	dangerouslyDisableSandbox=outside
tool PowerShell    unknown command,description=text timeout=number run_in_background=flag
tool Monitor       command=shell description=text timeout,timeout_ms=number persistent=flag
tool Read          file_path=read offset,limit=number pages=text
tool Write         file_path=write content=text
tool Edit          file_path=edit old_string,new_string=text replace_all=flag
tool MultiEdit     file_path=edit edits=text
tool NotebookRead  notebook_path=read cell_id=text
tool NotebookEdit  notebook_path=edit cell_id,new_source,cell_type,edit_mode=text
tool Glob          reads-scope pattern=glob path=list?
tool Grep          reads-scope path=search? glob=filter? pattern,type,output_mode=text
	-A,-B,-C,context,head_limit,offset=number -n,-i,-o,multiline=flag
tool LS            path=list ignore=text
tool WebFetch      url=url prompt=text
tool WebSearch     web query,allowed_domains,blocked_domains=text
# Plans, lists, questions and sub-agents, whose own calls are judged one by one.
tool Task             nothing  *=text
tool Agent            nothing  *=text
tool TaskCreate       nothing  *=text
tool TaskUpdate       nothing  *=text
tool TaskGet          nothing  *=text
tool TaskList         nothing  *=text
tool TaskOutput       nothing  *=text
tool TaskStop         nothing  *=text
tool BashOutput       nothing  *=text
tool KillShell        nothing  *=text
tool KillBash         nothing  *=text
tool TodoWrite        nothing  *=text
tool TodoRead         nothing  *=text
tool AskUserQuestion  nothing  *=text
tool EnterPlanMode    nothing  *=text
tool ExitPlanMode     nothing  *=text
tool Skill            nothing  *=text
tool SlashCommand     nothing  *=text
tool ToolSearch       nothing  *=text
tool ListAgents       nothing  *=text
tool ReportFindings   nothing  *=text
tool ListMcpResourcesTool  nothing  *=text
tool StructuredOutput nothing  *=text
tool LSP              reads-scope filePath=read? operation,query=text line,character=number
tool mcp__ide__getDiagnostics  nothing  *=text
tool mcp__ide__executeCode     wide code=text
# What acts later, elsewhere, or on other files than it says.
tool ReadMcpResourceTool  unknown server,uri=text
tool Workflow       unknown
tool CronCreate     unknown cron,prompt=text recurring,durable=flag
tool CronDelete     unknown id=text
tool CronList       nothing  *=text
tool RemoteTrigger  unknown
tool EnterWorktree  unknown name,path=text
tool ExitWorktree   unknown action=text discard_changes=flag
# It reaches other sessions, also in the cloud.
tool SendMessage    unknown *=text
tool TeamCreate     nothing  *=text
tool TeamDelete     nothing  *=text
