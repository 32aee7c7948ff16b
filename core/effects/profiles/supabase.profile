# Source: @supabase/mcp-server-supabase 0.13.0, its tools and their parameters.
profile supabase
package @supabase/mcp-server-supabase
command mcp-server-supabase
sandbox allow-net env=SUPABASE_ACCESS_TOKEN
dialect postgres
tool search_docs                remote-read graphql_query=text
tool list_organizations         remote-read
tool get_organization           remote-read id=text
tool list_projects              remote-read
tool get_project                remote-read id=text
tool get_cost                   remote-read type,organization_id=text
tool confirm_cost               remote-write type,recurrence=text amount=number
tool create_project             cloud name,region,organization_id,confirm_cost_id=text
tool pause_project              cloud project_id=text
tool restore_project            cloud project_id=text
tool list_branches              remote-read project_id=text
tool create_branch              cloud project_id,name,confirm_cost_id=text
tool delete_branch              cloud destructive branch_id=text
tool merge_branch               cloud publish branch_id=text
tool reset_branch               cloud destructive branch_id,migration_version=text
tool rebase_branch              cloud branch_id=text
tool list_tables                remote-read project_id,schemas=text verbose=flag
tool list_extensions            remote-read project_id=text
tool list_migrations            remote-read project_id=text
tool apply_migration            cloud project_id,name=text query=sql
tool execute_sql                cloud project_id=text query=sql
tool get_logs                   remote-read project_id,service,iso_timestamp_start=text
	iso_timestamp_end=text
tool get_advisors               remote-read project_id,type=text
tool get_project_url            remote-read project_id=text
tool get_anon_key               remote-read project_id=text
tool get_publishable_keys       remote-read project_id=text
tool generate_typescript_types  remote-read project_id=text
tool list_edge_functions        remote-read project_id=text
tool get_edge_function          remote-read project_id,function_slug=text
tool deploy_edge_function       cloud publish project_id,name,entrypoint_path=text
	import_map_path,files=text verify_jwt=flag
tool create_edge_function_secret  cloud project_id,name,value=text
tool list_storage_buckets       remote-read project_id=text
tool get_storage_config         remote-read project_id=text
tool update_storage_config      cloud project_id,config,features=text
