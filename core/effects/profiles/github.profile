# Source: github/github-mcp-server, the tool tables of its README, with the names of older versions.
# Branches are those of the remote repository: `push`, whatever the branch that is checked out here.
profile github
command github-mcp-server
sandbox allow-net env=GITHUB_TOKEN env=GITHUB_PERSONAL_ACCESS_TOKEN env=GITHUB_HOST
package @modelcontextprotocol/server-github
alias github-mcp-server

# Repositories, read.
tool get_file_contents   remote-read owner,repo,path,ref,sha,branch=text
tool get_repository_tree remote-read owner,repo,path_filter,tree_sha=text recursive=flag
tool get_commit          remote-read owner,repo,sha,detail=text include_diff=flag page,perPage=number
tool list_commits        remote-read owner,repo,sha,author,path,since,until=text page,perPage=number
tool list_branches       remote-read owner,repo=text page,perPage=number
tool list_tags           remote-read owner,repo=text page,perPage=number
tool get_tag             remote-read owner,repo,tag=text
tool list_releases       remote-read owner,repo=text page,perPage=number
tool get_latest_release  remote-read owner,repo=text
tool get_release_by_tag  remote-read owner,repo,tag=text
tool list_repository_collaborators  remote-read owner,repo,affiliation=text page,perPage=number
tool search_repositories remote-read query,sort,order=text page,perPage=number minimal_output=flag
tool search_code         remote-read query,q,sort,order=text page,perPage,per_page=number
tool search_commits      remote-read query,sort,order,owner,repo=text page,perPage=number
tool search_users        remote-read query,q,sort,order=text page,perPage,per_page=number
tool search_orgs         remote-read query,sort,order=text page,perPage=number
tool list_starred_repositories  remote-read username,sort,direction=text page,perPage=number

# Repositories, changed.
tool create_or_update_file  push owner,repo,path,content,message,sha=text branch=branch?
tool push_files             push owner,repo,files,message=text branch=branch?
tool delete_file            push owner,repo,path,message,sha=text branch=branch?
tool create_branch          push owner,repo,from_branch=text branch=branch
tool create_repository      publish name,description,organization=text private,autoInit=flag
tool fork_repository        publish owner,repo,organization=text
tool star_repository        remote-write owner,repo=text
tool unstar_repository      remote-write owner,repo=text

# Issues.
tool issue_read           remote-read method,owner,repo=text issue_number,page,perPage=number
tool get_issue            remote-read owner,repo=text issue_number=number
tool get_issue_comments   remote-read owner,repo=text issue_number,page,perPage=number
tool list_issues          remote-read owner,repo,state,labels,orderBy,direction,since,after,sort=text
	page,perPage,per_page=number
tool list_issue_types     remote-read owner,repo=text
tool list_issue_fields    remote-read owner,repo=text
tool search_issues        remote-read query,q,owner,repo,sort,order=text page,perPage,per_page=number
tool list_sub_issues      remote-read owner,repo=text issue_number,page,per_page,perPage=number
tool get_label            remote-read owner,repo,name=text
tool list_label           remote-read owner,repo=text
tool issue_write          remote-write method,owner,repo,title,body,assignees,labels,state=text
	state_reason,type,issue_fields=text issue_number,milestone,duplicate_of=number
tool create_issue         remote-write owner,repo,title,body,assignees,labels,type=text
	milestone=number
tool update_issue         remote-write owner,repo,title,body,assignees,labels,state,type=text
	state_reason=text issue_number,milestone,duplicate_of=number
tool add_issue_comment    remote-write owner,repo,body=text issue_number=number
tool sub_issue_write      remote-write method,owner,repo=text replace_parent=flag
	issue_number,sub_issue_id,after_id,before_id=number
tool add_sub_issue        remote-write owner,repo=text issue_number,sub_issue_id=number
	replace_parent=flag
tool remove_sub_issue     remote-write owner,repo=text issue_number,sub_issue_id=number
tool reprioritize_sub_issue  remote-write owner,repo=text
	issue_number,sub_issue_id,after_id,before_id=number
tool label_write          remote-write method,owner,repo,name,new_name,color,description=text
tool assign_copilot_to_issue  publish owner,repo,base_ref,custom_instructions=text
	issueNumber,issue_number=number

# Pull requests.
tool pull_request_read         remote-read method,owner,repo,after=text
	pullNumber,page,perPage=number
tool list_pull_requests        remote-read owner,repo,state,head,base,sort,direction=text
	page,perPage,per_page=number
tool search_pull_requests      remote-read query,owner,repo,sort,order=text page,perPage=number
tool get_pull_request          remote-read owner,repo=text pullNumber,pull_number=number
tool get_pull_request_diff     remote-read owner,repo=text pullNumber=number
tool get_pull_request_files    remote-read owner,repo=text
	pullNumber,pull_number,page,perPage=number
tool get_pull_request_status   remote-read owner,repo=text pullNumber,pull_number=number
tool get_pull_request_comments remote-read owner,repo=text pullNumber,pull_number=number
tool get_pull_request_reviews  remote-read owner,repo=text pullNumber,pull_number=number
tool create_pull_request       remote-write owner,repo,title,body,head,base,reviewers=text
	draft,maintainer_can_modify=flag
tool update_pull_request       remote-write owner,repo,title,body,state,base,reviewers=text
	pullNumber=number draft,maintainer_can_modify=flag
tool update_pull_request_branch  push owner,repo,expectedHeadSha,expected_head_sha=text
	pullNumber,pull_number=number
tool merge_pull_request        publish owner,repo,commit_title,commit_message,merge_method=text
	pullNumber,pull_number=number
tool pull_request_review_write publish method,owner,repo,body,commitID,event,threadId=text
	pullNumber=number
tool create_and_submit_pull_request_review  publish owner,repo,body,commitID,event=text
	pullNumber=number
tool create_pull_request_review  publish owner,repo,body,commit_id,event,comments=text
	pull_number=number
tool submit_pending_pull_request_review  publish owner,repo,body,event=text pullNumber=number
tool create_pending_pull_request_review  remote-write owner,repo,commitID=text pullNumber=number
tool delete_pending_pull_request_review  remote-write owner,repo=text pullNumber=number
tool add_comment_to_pending_review  remote-write owner,repo,body,path,side,startSide=text
	subjectType=text pullNumber,line,startLine=number
tool add_reply_to_pull_request_comment  remote-write owner,repo,body=text
	pullNumber,commentId=number
tool request_copilot_review    remote-write owner,repo=text pullNumber=number
tool create_pull_request_with_copilot  publish owner,repo,problem_statement,title,base_ref=text

# Actions.
tool actions_get          remote-read method,owner,repo,resource_id=text
tool actions_list         remote-read method,owner,repo,resource_id,workflow_jobs_filter=text
	workflow_runs_filter=text page,per_page,perPage=number
tool get_job_logs         remote-read owner,repo=text job_id,run_id,tail_lines=number
	failed_only,return_content=flag
tool get_workflow_run     remote-read owner,repo=text run_id=number
tool get_workflow_run_logs  remote-read owner,repo=text run_id=number
tool get_workflow_run_usage  remote-read owner,repo=text run_id=number
tool list_workflows       remote-read owner,repo=text page,perPage=number
tool list_workflow_runs   remote-read owner,repo,workflow_id,actor,branch,event,status=text
	page,perPage=number
tool list_workflow_jobs   remote-read owner,repo,filter=text run_id,page,perPage=number
tool list_workflow_run_artifacts  remote-read owner,repo=text run_id,page,perPage=number
tool download_workflow_run_artifact  remote-read owner,repo=text artifact_id=number
tool actions_run_trigger  publish method,owner,repo,ref,workflow_id,inputs=text run_id=number
tool run_workflow         publish owner,repo,ref,workflow_id,inputs=text
tool rerun_workflow_run   publish owner,repo=text run_id=number
tool rerun_failed_jobs    publish owner,repo=text run_id=number
tool cancel_workflow_run  publish owner,repo=text run_id=number
tool delete_workflow_run_logs  destructive owner,repo=text run_id=number

# Security. A found secret is a secret still.
tool get_code_scanning_alert     remote-read owner,repo=text alertNumber=number
tool list_code_scanning_alerts   remote-read owner,repo,ref,severity,state,tool_name=text
tool get_dependabot_alert        remote-read owner,repo=text alertNumber=number
tool list_dependabot_alerts      remote-read owner,repo,severity,state,after=text perPage=number
tool get_secret_scanning_alert   remote-write owner,repo=text alertNumber=number
tool list_secret_scanning_alerts remote-write owner,repo,resolution,secret_type,state=text
tool get_global_security_advisory  remote-read ghsaId=text
tool list_global_security_advisories  remote-read affects,cveId,cwes,ecosystem,ghsaId=text
	isWithdrawn,modified,published,severity,type,updated=text
tool list_repository_security_advisories  remote-read owner,repo,direction,sort,state=text
tool list_org_repository_security_advisories  remote-read org,direction,sort,state=text

# People, gists, projects, discussions, notifications.
tool get_me                remote-read
tool get_teams             remote-read user=text
tool get_team_members      remote-read org,team_slug=text
tool get_gist              remote-read gist_id=text
tool list_gists            remote-read username,since=text page,perPage=number
tool create_gist           publish description,filename,content=text public=flag
tool update_gist           publish gist_id,description,filename,content=text
tool list_discussions      remote-read owner,repo,category,orderBy,direction,after=text
	perPage=number
tool get_discussion        remote-read owner,repo=text discussionNumber=number
tool get_discussion_comments  remote-read owner,repo,after=text discussionNumber,perPage=number
tool list_discussion_categories  remote-read owner,repo=text
tool projects_get          remote-read method,owner,owner_type,fields=text
	project_number,field_id,item_id=number
tool projects_list         remote-read method,owner,owner_type,fields,query,after,before=text
	project_number,per_page=number
tool get_project           remote-read owner,owner_type=text project_number=number
tool get_project_field     remote-read owner,owner_type=text project_number,field_id=number
tool get_project_item      remote-read owner,owner_type,fields=text project_number,item_id=number
tool list_projects         remote-read owner,owner_type,query,after,before=text per_page=number
tool list_project_fields   remote-read owner,owner_type,after,before=text
	project_number,per_page=number
tool list_project_items    remote-read owner,owner_type,fields,query,after,before=text
	project_number,per_page=number
tool projects_write        remote-write method,owner,owner_type,item_type,updated_field=text
	project_number,item_id=number
tool add_project_item      remote-write owner,owner_type,item_type=text
	project_number,item_id=number
tool update_project_item   remote-write owner,owner_type,updated_field=text
	project_number,item_id=number
tool delete_project_item   remote-write owner,owner_type=text project_number,item_id=number
tool list_notifications    remote-read owner,repo,filter,since,before=text page,perPage=number
tool get_notification_details  remote-read notificationID=text
tool dismiss_notification  remote-write threadID,state=text
tool mark_all_notifications_read  remote-write owner,repo,lastReadAt=text
tool manage_notification_subscription  remote-write notificationID,action=text
tool manage_repository_notification_subscription  remote-write owner,repo,action=text

# The server itself.
tool list_available_toolsets  remote-read
tool get_toolset_tools        remote-read toolset=text
tool enable_toolset           remote-write toolset=text
tool github_support_docs_search  remote-read query=text
tool get_copilot_space        remote-read owner,name=text
tool list_copilot_spaces      remote-read
tool get_copilot_job_status   remote-read owner,repo,id=text
