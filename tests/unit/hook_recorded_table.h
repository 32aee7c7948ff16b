/* What each recorded input of tests/hooks says: the inside of an array of test_hook.c. */
// clang-format off
	{ "claude-recorded-agent.json",
		"1 Agent {\"description\":\"what the script says\",\"prompt\":\"the marmot's "
		"task\",\"subagent_type\":\"general-purpose\",\"run_in_background\":false} "
		"cwd=/scratch/work session=76656e81-faa9-4c93-b3c5-c8cde7487f15 "
		"turn=33520825-c690-484a-99c8-34722fdf04d5 call=toolu_0001 mode=bypassPermissions" },
	{ "claude-recorded-bash.json",
		"1 Bash {\"command\":\"cat note.txt\",\"description\":\"what the script says\"} "
		"cwd=/scratch/work session=796a6fbf-9e48-494b-ae63-9c98fb41f910 "
		"turn=7c76f5e5-5daa-4d1c-82a3-291707ac4c30 call=toolu_0001 "
		"mode=bypassPermissions" },
	{ "claude-recorded-edit.json",
		"1 Edit "
		"{\"file_path\":\"/scratch/work/"
		"made.txt\",\"old_string\":\"first\",\"new_string\":\"second\",\"replace_all\":"
		"false} cwd=/scratch/work session=c9c2a13e-bb82-49f6-835f-67808eb9f409 "
		"turn=69912bf5-6c57-4dcc-ac35-c22431356ed2 call=toolu_0002 "
		"mode=bypassPermissions" },
	{ "claude-recorded-mcp.json",
		"1 mcp__files__write_file "
		"{\"path\":\"/scratch/outside/written\",\"content\":\"x\"} cwd=/scratch/work "
		"session=49f4d4fa-c0b5-4f9b-92f4-0662f0245fee "
		"turn=c9e15d63-cf97-41b9-820c-cdf7bd59a639 call=toolu_0001 mode=bypassPermissions "
		"of_server server=files tool=write_file" },
	{ "claude-recorded-permission.json",
		"2 Bash {\"command\":\"rm -rf /scratch/outside/doomed\",\"description\":\"what the "
		"script says\"} cwd=/scratch/work session=63406824-13a8-44e1-bd38-e2754eaeb28c "
		"turn=e19f5564-441f-4aa9-acfb-e2c358c9bc39 mode=default" },
	{ "claude-recorded-subagent.json",
		"1 Bash {\"command\":\"rm -rf /scratch/outside/doomed\",\"description\":\"what the "
		"script says\"} cwd=/scratch/work session=76656e81-faa9-4c93-b3c5-c8cde7487f15 "
		"turn=33520825-c690-484a-99c8-34722fdf04d5 call=toolu_0002 agent=ab8c34b552e1e57a7 "
		"type=general-purpose mode=bypassPermissions" },
	{ "claude-recorded-write.json",
		"1 Write {\"file_path\":\"/scratch/work/made.txt\",\"content\":\"first\"} "
		"cwd=/scratch/work session=c9c2a13e-bb82-49f6-835f-67808eb9f409 "
		"turn=69912bf5-6c57-4dcc-ac35-c22431356ed2 call=toolu_0001 "
		"mode=bypassPermissions" },
	{ "codex-recorded-bash.json",
		"1 Bash {\"command\":\"cat note.txt\"} cwd=/scratch/work "
		"session=01a2090d-1f22-7693-a350-5048af5401ba "
		"turn=01a2090d-1f4a-7b11-b7d0-48c87aaff9df call=call_0001 model=gpt-5.5 "
		"mode=bypassPermissions" },
	{ "codex-recorded-mcp.json",
		"1 mcp__files__write_file "
		"{\"path\":\"/scratch/outside/written\",\"content\":\"x\"} cwd=/scratch/work "
		"session=01a2090d-2c52-7192-bb4d-c918ab4923f4 "
		"turn=01a2090d-2c8d-75a0-b3c6-81a3a86bab63 call=call_0001 model=gpt-5.5 "
		"mode=bypassPermissions of_server server=files tool=write_file" },
	{ "codex-recorded-patch-add.json",
		"1 apply_patch {\"command\":\"*** Begin Patch\\n*** Add File: "
		"/scratch/work/made.txt\\n+first\\n*** End Patch\\n\"} cwd=/scratch/work "
		"session=01a2090d-25bc-7e93-a31f-789624b7930d "
		"turn=01a2090d-25e6-7842-9683-03368f3b07ae call=call_0001 model=gpt-5.5 "
		"mode=bypassPermissions" },
	{ "codex-recorded-patch-update.json",
		"1 apply_patch {\"command\":\"*** Begin Patch\\n*** Update File: "
		"/scratch/work/made.txt\\n@@\\n-first\\n+second\\n*** End Patch\\n\"} "
		"cwd=/scratch/work session=01a2090d-25bc-7e93-a31f-789624b7930d "
		"turn=01a2090d-25e6-7842-9683-03368f3b07ae call=call_0002 model=gpt-5.5 "
		"mode=bypassPermissions" },
	{ "gemini-recorded-mcp.json",
		"1 mcp_files_write_file {\"path\":\"/scratch/outside/written\",\"content\":\"x\"} "
		"cwd=/scratch/work session=64d14b29-a093-4328-abbd-5e1fc58a1af8 of_server "
		"server=files tool=write_file starts=/usr/bin/bascule "
		"[\"run\",\"--root\",\"/scratch/own\",\"--name\",\"files\",\"--\",\"/usr/bin/"
		"python3\",\"/src/tests/agents/files.py\"]" },
	{ "gemini-recorded-replace.json",
		"1 replace {\"file_path\":\"/scratch/work/made.txt\",\"instruction\":\"what the "
		"script says\",\"old_string\":\"first\",\"new_string\":\"second\"} "
		"cwd=/scratch/work session=df08b886-95aa-4e1b-82e5-13148ac283bc" },
	{ "gemini-recorded-shell.json",
		"1 run_shell_command {\"command\":\"cat note.txt\",\"description\":\"what the "
		"script says\"} cwd=/scratch/work session=5cb8aec6-678c-4a0f-98f1-054187b7aa4c" },
	{ "gemini-recorded-write.json",
		"1 write_file {\"file_path\":\"/scratch/work/made.txt\",\"content\":\"first\"} "
		"cwd=/scratch/work session=df08b886-95aa-4e1b-82e5-13148ac283bc" },
	{ "opencode-recorded-bash.json",
		"1 bash {\"command\":\"cat note.txt\",\"description\":\"what the script says\"} "
		"cwd=/scratch/work session=ses_df6f2c3fdffe0sf2qch8NdJ6QE call=call_0002" },
	{ "opencode-recorded-edit.json",
		"1 edit "
		"{\"filePath\":\"/scratch/work/"
		"made.txt\",\"oldString\":\"first\",\"newString\":\"second\"} cwd=/scratch/work "
		"session=ses_df6f2a107ffe7AblaqK1tFuzRL call=call_0003" },
	{ "opencode-recorded-mcp.json",
		"1 files_write_file {\"path\":\"/scratch/outside/written\",\"content\":\"x\"} "
		"cwd=/scratch/work session=ses_df6f25ff9ffe8aQPiBcFQdnSnm call=call_0002" },
	{ "opencode-recorded-write.json",
		"1 write {\"filePath\":\"/scratch/work/made.txt\",\"content\":\"first\"} "
		"cwd=/scratch/work session=ses_df6f2a107ffe7AblaqK1tFuzRL call=call_0002" },
