# Source: mcp-server-git (modelcontextprotocol/servers, src/git), its tool list.
profile git
pypi mcp-server-git
command mcp-server-git
relative cwd
tool git_status         repo_path=repo
tool git_diff_unstaged  repo_path=repo context_lines=number
tool git_diff_staged    repo_path=repo context_lines=number
tool git_diff           repo_path=repo target=name context_lines=number
tool git_log            repo_path=repo max_count=number start_timestamp,end_timestamp=name?
tool git_show           repo_path=repo revision=name
tool git_branch         repo_path=repo branch_type=name contains,not_contains=name?
tool git_add            repo_path=repo files=refs*
tool git_commit         commit repo_path=repo message=text
tool git_commit_signed  commit repo_path=repo message=text key_id=held
tool git_create_branch  branch-create repo_path=repo branch_name=branch base_branch=name?
tool git_checkout       branch-switch repo_path=repo branch_name=branch
tool git_reset          branch-move repo_path=repo
