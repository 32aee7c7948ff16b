# Source: sst/opencode 1.18.33, its own tools as its plug-ins and logs name them.
profile opencode
relative cwd
agent SERVER_TOOL
tool bash         command=shell workdir=cwd? timeout=number description=text
tool read         filePath=read offset,limit=number
tool write        filePath=write content=text
tool edit         filePath=edit oldString,newString=text replaceAll=flag
tool multiedit    filePath=edit edits=held
tool patch        patchText=patch
tool apply_patch  input=patch? patchText=patch?
tool glob         reads-scope pattern=glob path=list?
tool grep         reads-scope path=search? include=filter? pattern=text
tool list         reads-scope path=list? ignore=text
tool lsp          filePath=read operation,query=text line,character=number
tool webfetch     url=url format=text timeout=number
tool websearch    web query,livecrawl,type=text numResults,contextMaxCharacters=number
tool codesearch   web query=text tokensNum=number
tool todowrite    nothing  *=text
tool todoread     nothing  *=text
tool question     nothing  *=text
tool skill        nothing  *=text
tool task         nothing  *=text
tool plan_enter   nothing  *=text
tool plan_exit    nothing  *=text
tool invalid      nothing  *=text
tool batch        unknown tool_calls=text
