# Source: Linear's MCP server as agents have called it; a remote service that has no package.
profile linear
alias linear-server
tool get_issue             remote-read id=text includeRelations,includeCustomerNeeds=flag
tool list_issues           remote-read assignee,createdAt,cursor,cycle,delegate,label,orderBy=text
	parentId,project,projectId,query,state,team,teamId,updatedAt,priority=text limit=number
	includeArchived=flag after,before=text
tool list_my_issues        remote-read orderBy,state,cursor=text limit=number
tool list_comments         remote-read issueId,orderBy,cursor=text limit=number
tool get_document          remote-read id=text
tool list_documents        remote-read projectId,project,initiativeId,creatorId,query=text
	cursor,orderBy,createdAt,updatedAt=text limit=number includeArchived=flag
tool get_project           remote-read query,id=text
tool list_projects         remote-read cursor,createdAt,initiative,label,member,orderBy,query=text
	state,team,updatedAt=text limit=number includeArchived=flag
tool list_project_labels   remote-read name,cursor,orderBy=text limit=number
tool list_cycles           remote-read teamId,type=text
tool list_issue_labels     remote-read name,team,cursor,orderBy=text limit=number
tool list_issue_statuses   remote-read team=text
tool get_issue_status      remote-read id,name,team,query=text
tool list_teams            remote-read cursor,createdAt,orderBy,query,updatedAt=text limit=number
	includeArchived=flag
tool get_team              remote-read query=text
tool list_users            remote-read query,team,cursor=text limit=number
tool get_user              remote-read query=text
tool list_initiatives      remote-read query,cursor,orderBy,owner,status=text limit=number
tool get_initiative        remote-read query,id=text
tool search_documentation  remote-read query=text page=number
tool create_issue          remote-write assignee,cycle,delegate,description,dueDate,labels=text
	links,parentId,priority,project,state,team,title,blockedBy,blocks,relatedTo=text
	duplicateOf,milestone,estimate=text
tool update_issue          remote-write id,assignee,cycle,delegate,description,dueDate,labels=text
	links,parentId,priority,project,state,team,title,blockedBy,blocks,relatedTo=text
	duplicateOf,milestone,estimate=text
tool create_comment        remote-write issueId,body,parentId=text
tool create_document       remote-write title,content,project,icon,color,initiative=text
tool update_document       remote-write id,title,content,project,icon,color,initiative=text
tool create_project        remote-write name,description,summary,team,lead,startDate,targetDate=text
	state,priority,labels,initiative,icon,color=text
tool update_project        remote-write id,name,description,summary,team,lead,startDate=text
	targetDate,state,priority,labels,initiative,icon,color=text
tool create_issue_label    remote-write name,color,description,parentId,teamId=text isGroup=flag
