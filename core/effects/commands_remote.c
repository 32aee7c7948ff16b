/*
 * What leaves the machine: forges, clouds, clusters, containers, databases, other hosts, curl.
 *
 * The default of each tool is that it writes. A short list of verbs provably reads, and only with
 * options that are listed. Verbs that print credentials are secrets.
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/effects/sql.h"
#include "core/effects/url.h"
#include "core/effects/verb.h"

/* ---- addresses ---- */

static void add_url(struct command_line *line, const char *text)
{
	size_t from = line->out->count;
	char *full = strstr(text, "://") != NULL ? xstrdup(text) : xasprintf("http://%s", text);
	url_effect(line->out, line->arg, span_of(full));
	free(full);
	for (size_t i = from; i < line->out->count; i++) {
		line->out->list[i].part = line->part;
	}
}

static bool is_method(const char *option)
{
	return strcmp(option, "-X") == 0 || strcmp(option, "--request") == 0 ||
		strcmp(option, "--method") == 0;
}

static const char curl_values[] =
	"-X:w --request:w -H:w --header:w -o:W --output:W -w:w --write-out:w -m:w --max-time:w "
	"--connect-timeout:w --retry:w --retry-delay:w -A:w --user-agent:w -e:w --referer:w -r:w "
	"--range:w --url:u -D:W --dump-header:W -c:W --cookie-jar:W --limit-rate:w "
	"--max-redirs:w "
	"--resolve:w --interface:w";
static const char curl_flags[] =
	"-s -S -sS -f -fsS -fsSL -sL -sSL -sSf -sSfL -L -i -I -v -k -g -G -N --silent "
	"--show-error "
	"--fail --location --include --head --verbose --insecure --compressed --globoff --get "
	"--no-buffer --fail-with-body --http1.1 --http2 -4 -6 --ipv4 --ipv6 -# --progress-bar "
	"--no-progress-meter -sf -sk -sI -si -sv -sSI -sLf";
static const char wget_values[] = "-O:W --output-document:W -T:w --timeout:w -t:w --tries:w "
				  "--header:w -U:w --user-agent:w -P:M --directory-prefix:M";
static const char wget_flags[] = "-q --quiet -nv --no-verbose -S --server-response --spider -c "
				 "--continue -qO- --no-check-certificate -N -4 -6";

struct fetch {
	const char *values, *flags;
	char why[160];
	const char *method;
};

/* An option of curl or wget; true if it takes the next word. */
static bool read_fetch_option(
	struct command_line *line, const struct command *command, size_t i, struct fetch *fetch)
{
	char kind;
	const char *value;
	struct shell_word word = command->argv[i];
	if (verb_listed(fetch->flags, word.text)) {
		return false;
	}
	enum option_form form = option_form(fetch->values, word.text, &kind, &value);
	if (form == OPTION_NONE) {
		snprintf(fetch->why, sizeof(fetch->why),
			"the option %.60s may send or write what is not known", word.text);
		return false;
	}
	if (form == OPTION_NEXT && i + 1 < command->argc) {
		word = command->argv[i + 1];
	} else if (value != NULL) {
		word.text = value;
		word.len = strlen(value);
	}
	if (kind == 'u') {
		add_url(line, word.text);
	} else if (kind == 'W' || kind == 'M') {
		if (strcmp(word.text, "-") != 0 && strcmp(word.text, "/dev/null") != 0) {
			command_path(line, EFFECT_WRITE, &word, kind == 'W' ? "replace" : "mkdir");
		}
	} else if (is_method(command->argv[i].text) || strncmp(word.text, "-X", 2) == 0) {
		fetch->method = word.text;
	}
	return form == OPTION_NEXT;
}

static void read_fetch(struct command_line *line, const struct command *command)
{
	bool curl = strcmp(command->argv[0].text, "curl") == 0;
	struct fetch fetch = { .values = curl ? curl_values : wget_values,
		.flags = curl ? curl_flags : wget_flags,
		.method = "GET" };
	for (size_t i = 1; i < command->argc; i++) {
		const char *text = command->argv[i].text;
		if (text[0] == '-' && text[1] != 0) {
			i += read_fetch_option(line, command, i, &fetch);
		} else {
			add_url(line, text);
		}
	}
	if (fetch.why[0] != 0) {
		command_unproven(line, command, "%s", fetch.why);
	} else if (strcmp(fetch.method, "GET") != 0) {
		command_unproven(line, command, "it sends a %.20s request", fetch.method);
	} else {
		command_unproven(line, command, "it connects to another program or host");
	}
}

/* ---- hosts ---- */

/* ssh, scp, rsync, nc: the first word that names a host, as well as it can be told. */
static void read_host(struct command_line *line, const struct command *command)
{
	const char *name = command->argv[0].text;
	bool copies = verb_listed("scp rsync sftp rclone", name);
	const char *host = NULL;
	for (size_t i = 1; i < command->argc && host == NULL; i++) {
		const char *text = command->argv[i].text;
		bool remote = strpbrk(text, "@:") != NULL;
		if (text[0] != '-' && (remote || !copies)) {
			host = text;
		}
	}
	if (host == NULL && copies) {
		command_unproven(line, command, "what %.20s copies is not proven", name);
		return;
	}
	if (host != NULL) {
		command_add(line, EFFECT_NET, host, "remote", "");
	}
	verb_add(line, command, EFFECT_CLOUD, name, "write");
}

/* ---- gh ---- */

/* `gh api PATH` is a GET unless something says otherwise. */
static void read_gh_api(struct command_line *line, const struct command *command)
{
	static const char reading[] =
		"--jq:j -q:j --paginate --slurp --cache:s -t:w --template:w -i --include --silent "
		"--verbose";
	const char *target = "";
	bool reads = true;
	for (size_t i = 2; i < command->argc; i++) {
		char kind;
		const char *value;
		const char *text = command->argv[i].text;
		reads = reads && !command->argv[i].glob && !command->argv[i].status;
		if (text[0] != '-') {
			reads = reads && target[0] == 0;
			target = text;
			continue;
		}
		bool method = is_method(text) && i + 1 < command->argc;
		if (method) {
			reads = reads && strcmp(command->argv[++i].text, "GET") == 0;
			continue;
		}
		enum option_form form = option_form(reading, text, &kind, &value);
		if (form == OPTION_NEXT && i + 1 < command->argc) {
			value = command->argv[++i].text;
		}
		reads = reads && form != OPTION_NONE && (kind != 'j' || verb_jq(value));
	}
	/* an address elsewhere would be asked with the person's token */
	if (reads && target[0] != 0 && strstr(target, "graphql") == NULL &&
		strstr(target, "//") == NULL && strchr(target, ':') == NULL) {
		command_add(line, EFFECT_REMOTE, "gh api", "read", "gh");
	} else {
		verb_add(line, command, EFFECT_PUBLISH, "gh", "");
	}
}

/* ---- clusters ---- */

/* A secret by any of its names. */
static void read_kubectl_get(struct command_line *line, const struct command *command)
{
	static const char reading[] =
		"-n:w --namespace:w -A --all-namespaces -o:w --output:w -l:w --selector:w -w "
		"--watch --show-labels --sort-by:w --no-headers --field-selector:w --context:w "
		"--tail:n --since:w -c:w --container:w -f --follow -p --previous --timestamps "
		"--all-containers= --prefix --limit-bytes:n --show-events= --recursive "
		"--api-group:w --namespaced= --client --short --ignore-not-found --containers";
	bool reads = true;
	for (size_t i = 1; i < command->argc; i++) {
		char kind;
		const char *value;
		const char *text = command->argv[i].text;
		bool secret = strncmp(text, "secret", 6) == 0 || strstr(text, ",secret") != NULL ||
			strcmp(text, "all") == 0;
		if (secret && strcmp(text, "all") != 0) {
			command_add(line, EFFECT_SECRET, "a secret of the cluster", "kubectl", "");
		}
		if (text[0] == '-') {
			enum option_form form = option_form(reading, text, &kind, &value);
			reads = reads && form != OPTION_NONE;
			i += form == OPTION_NEXT;
		}
	}
	verb_add(line, command, EFFECT_CLOUD, command->argv[0].text, reads ? "read" : "write");
}

/* ---- databases ---- */

static bool is_local(const char *host)
{
	return verb_listed("localhost 127.0.0.1 ::1", host) || host[0] == '/';
}

/* `psql -c STATEMENT`; where it connects to, as well as it can be told. */
static void read_psql(struct command_line *line, const struct command *command)
{
	bool local = true;
	const struct shell_word *statement = NULL;
	for (size_t i = 1; i < command->argc; i++) {
		const char *text = command->argv[i].text;
		const struct shell_word *next = i + 1 < command->argc ? &command->argv[i + 1]
								      : NULL;
		if (next != NULL && verb_listed("-h --host", text)) {
			local = local && is_local(next->text);
		} else if (strncmp(text, "--host=", 7) == 0) {
			local = local && is_local(text + 7);
		} else if (strncmp(text, "-h", 2) == 0 && text[2] != 0) {
			local = local && is_local(text + 2);
		} else if (strstr(text, "://") != NULL || strstr(text, "host=") != NULL ||
			strstr(text, "service=") != NULL) {
			local = false;
		}
		if (next != NULL && verb_listed("-c --command", text)) {
			statement = next;
		}
	}
	if (statement != NULL) {
		sql_effect(line->out, line->arg, (struct span){ statement->text, statement->len },
			SQL_POSTGRES, false);
	}
	if (!local || statement == NULL) {
		verb_add(line, command, EFFECT_CLOUD, command->argv[0].text, "write");
	} else {
		command_unproven(line, command, "which database it is is not known");
	}
}

/* `sqlite3 FILE STATEMENT` on a file of the project. */
static void read_sqlite(struct command_line *line, const struct command *command)
{
	static const char flags[] =
		"-readonly -header -noheader -json -csv -column -line -list -table -box "
		"-markdown "
		"-batch -bail -html -quote -tabs -safe";
	size_t i = 1;
	bool writes = true;
	while (i < command->argc && verb_listed(flags, command->argv[i].text)) {
		writes = writes && strcmp(command->argv[i].text, "-readonly") != 0;
		i++;
	}
	const struct shell_word *file = i < command->argc ? &command->argv[i] : NULL;
	if (file == NULL || i + 1 == command->argc) {
		command_wide(line, command, "%s runs what is typed into it", command->argv[0].text);
		return;
	}
	if (i + 2 != command->argc || file->text[0] == '-' || file->glob ||
		strchr(file->text, ':') != NULL || command->argv[i + 1].glob ||
		command->reads_input) {
		command_unproven(line, command, "what it does to which file is not proven");
		return;
	}
	const struct shell_word *statement = &command->argv[i + 1];
	size_t from = line->out->count;
	command_path(line, EFFECT_READ, file, "");
	if (writes) {
		command_path(line, EFFECT_WRITE, file, "edit");
	}
	if (!verb_listed(".tables .schema .indexes .fullschema", statement->text)) {
		sql_effect(line->out, line->arg, (struct span){ statement->text, statement->len },
			SQL_SQLITE, true);
	}
	for (; from < line->out->count; from++) {
		line->out->list[from].part = line->part;
	}
	command_exec(line, command, EXEC_LOCAL);
}

#define GH "-R:w --repo:w "
#define GH_READ \
	GH "--json:w -q:j --jq:j -t:w --template:w -L:n --limit:n -s:w --state:w -c --comments " \
	   "-a:w " \
	   "--author:w --assignee:w -A:w -B:w --base:w -H:w --head:w -l:w --label:w -S:w " \
	   "--search:w " \
	   "--name-only --patch --color:w --log --log-failed -v --verbose --exit-status " \
	   "--branch:w " \
	   "-b:w -e:w --event:w -u:w --user:w -w:w --workflow:w --status:w -j:w --job:w " \
	   "--attempt:n " \
	   "--milestone:w -m:w --draft -d --required --interval:n -i:n --created:w --all " \
	   "--mention:w " \
	   "--app:w --repo:w --owner:w --language:w --sort:w --order:w --match:w --extension:w " \
	   "--filename:w --archived= --visibility:w --public --private --source --fork -o:w " \
	   "--org:w"
#define READS_ONLY(words, act, options) \
	{ \
		words, act, NULL, options, NULL, NULL \
	}
#define CLOUD(words) \
	{ \
		words, VERB_CLOUD, NULL, "", NULL, NULL \
	}
#define SECRET(words) \
	{ \
		words, VERB_SECRET, NULL, "", NULL, NULL \
	}
#define DOCKER_READ \
	"-a --all -q --quiet -n:n --last:n -s --size --no-trunc -f:w --filter:w --format:w " \
	"--tail:w " \
	"-t --timestamps --since:w --until:w --follow --no-color --no-log-prefix --services " \
	"--type:w --digests --tree --no-stream"

// clang-format off
const struct verb_row verbs_remote[] = {
	/* forges */
	OPTIONS("gh", GH),
	ASKED("gh", VERB_USE, NULL, ""),
	READS_ONLY("gh pr view|list|ls|diff|checks|status", VERB_ASK, GH_READ),
	READS_ONLY("gh issue view|list|ls|status", VERB_ASK, GH_READ),
	READS_ONLY("gh run view|list|ls", VERB_ASK, GH_READ),
	READS_ONLY("gh repo view|list|ls", VERB_ASK, GH_READ),
	READS_ONLY("gh release view|list|ls", VERB_ASK, GH_READ),
	READS_ONLY("gh workflow view|list|ls", VERB_ASK, GH_READ),
	READS_ONLY("gh label|cache|ruleset|project list|ls|view", VERB_ASK, GH_READ),
	READS_ONLY("gh search", VERB_ASK, GH_READ),
	READS_ONLY("gh status|version|help", VERB_ASK, GH_READ),
	READS_ONLY("gh auth status", VERB_ASK, "-a --active"),
	READS_ONLY("gh gist view|list", VERB_ASK, GH_READ),
	READS_ONLY("gh org|variable|extension list|ls", VERB_ASK, GH_READ),
	CALL("gh api", read_gh_api),
	ASKED("gh pr merge|ready", VERB_PUBLISH, NULL, ""),
	ASKED("gh release create|upload|edit|delete|delete-asset", VERB_PUBLISH, NULL, ""),
	ASKED("gh repo create|delete|edit|rename|archive|unarchive|fork|sync|deploy-key|"
		"set-default", VERB_PUBLISH, NULL, ""),
	ASKED("gh secret|variable|ssh-key|gpg-key|codespace|cs|ruleset", VERB_PUBLISH, NULL, ""),
	ASKED("gh workflow run|enable|disable", VERB_PUBLISH, NULL, ""),
	ASKED("gh run rerun|cancel|delete", VERB_PUBLISH, NULL, ""),
	ASKED("gh gist create|edit|delete|rename", VERB_PUBLISH, NULL, ""),
	ASKED("gh extension|ext install|upgrade|remove|exec|create", VERB_INSTALL, "gh",
		"--pin:w"),
	ASKED("gh alias", VERB_UNPROVEN, "it changes a configuration", ""),
	SECRET("gh auth token|login|logout|refresh|setup-git|switch"),
	OPTIONS("glab|hub|tea|bb", GH),
	ASKED("glab|hub|tea|bb|jira|linear|act|forgejo", VERB_USE, NULL, ""),
	READS_ONLY("glab mr|issue|ci|repo|release view|list|diff|status", VERB_ASK, GH_READ),
	ASKED("glab|hub api|release|merge|delete|create", VERB_PUBLISH, NULL, ""),
	SECRET("glab auth"),

	/* clusters */
	OPTIONS("kubectl|oc|k3s|kubectl.exe", "-n:w --namespace:w --context:w --cluster:w"),
	CLOUD("kubectl|oc|k9s|k3s|helm|helmfile|kustomize|kind|minikube|k3d|skaffold|tilt|"
		"argocd|flux|istioctl|"
		"eksctl|kops|kubeadm|stern|kubectx|kubens|velero|rancher|nomad|consul|linkerd|"
		"okteto|devspace"),
	CALL("kubectl|oc get|describe|logs|explain|version|api-resources|api-versions|top",
		read_kubectl_get),
	LIST("kubectl|oc version --client", "-o:w --output:w"),
	READS_ONLY("helm list|ls|status|history|version|search|show", VERB_LOOK, "-n:w "
		"--namespace:w -A -a -o:w --output:w --short"),
	ASKED("helm repo|plugin add|install|update|remove", VERB_INSTALL, "helm", ""),
	ASKED("helm push", VERB_PUBLISH, NULL, ""),
	READS_ONLY("kustomize build", VERB_UNPROVEN, ""),
	SECRET("kubectl|oc create token"),
	SECRET("kubectl|oc config view"),
	SECRET("oc whoami -t"),

	/* containers */
	OPTIONS("docker|podman|nerdctl|docker-compose", ""),
	CLOUD("docker|podman|nerdctl|docker-compose|buildah|ctr|crictl|lima|limactl|colima|"
		"crane|skopeo|oras|cosign|dive|trivy|"
		"vagrant|multipass|lxc|incus|virsh|qemu-system-x86_64|packer|devcontainer|"
		"earthly|dagger|buildctl"),
	READS_ONLY("docker|podman|nerdctl ps|images|logs|version|info|top|port|diff|history|"
		"stats", VERB_LOOK, DOCKER_READ),
	READS_ONLY("docker|podman|nerdctl inspect", VERB_LOOK, DOCKER_READ),
	READS_ONLY("docker|podman|nerdctl container|image|volume|network|context ls|list|"
		"inspect", VERB_LOOK, DOCKER_READ),
	READS_ONLY("docker|podman|nerdctl compose ps|logs|config|images|ls|top|version",
		VERB_LOOK, DOCKER_READ),
	READS_ONLY("docker-compose ps|logs|config|images|ls|top|version", VERB_LOOK, DOCKER_READ),
	READS_ONLY("docker|podman|nerdctl system df", VERB_LOOK, DOCKER_READ),
	ASKED("docker|podman|nerdctl push", VERB_PUBLISH, NULL, ""),
	ASKED("docker|podman|nerdctl pull", VERB_INSTALL, "docker", "--platform:w"),
	ASKED("crane|skopeo|oras push|copy|delete|append|tag|sync", VERB_PUBLISH, NULL, ""),
	SECRET("docker|podman|nerdctl login"),
	ASKED("docker|podman|nerdctl system|volume|image|container|network|builder prune|rm",
		VERB_DESTROY, "containers, images or volumes", ""),

	/* clouds and what is deployed to them */
	OPTIONS("terraform|tofu", ""),
	CLOUD("terraform|tofu|terragrunt|pulumi|cdk|cdktf|aws|gcloud|gsutil|bq|az|doctl|fly|"
		"flyctl|vercel|netlify|wrangler|"
		"heroku|firebase|railway|render|ansible|ansible-playbook|ansible-galaxy|"
		"ansible-vault|serverless|sls|sst|"
		"supabase|amplify|sam|eb|copilot-cli|chalice|zappa|cap|kamal|dokku|caprover|"
		"linode-cli|hcloud|scw|vultr-cli|"
		"ibmcloud|oci|aliyun|s3cmd|s5cmd|rclone|mc|b2|cf|azd|func|swa|surge|now|"
		"gcloud-beta|salt|salt-ssh|puppet|chef|knife|"
		"nixops|colmena|deploy|stripe|twilio|ngrok|cloudflared|tailscale|localtunnel|"
		"lt|modal|planetscale|pscale|turso|"
		"neonctl|convex|eas|expo|fastlane|xcrun|codemagic|sentry-cli|datadog-ci|"
		"newrelic|circleci|appcenter|prisma|drizzle-kit|"
		"alembic|flyway|liquibase|knex|sequelize|typeorm|dbmate|goose-db|atlas|sqitch|"
		"hasura|rover|coder|gitpod"),
	ASKED("terraform|tofu init|get", VERB_INSTALL, "terraform", ""),
	READS_ONLY("terraform|tofu show|graph|providers|output", VERB_LOOK, "-no-color -json"),
	READS_ONLY("terraform|tofu state list|show", VERB_LOOK, "-no-color"),
	READS_ONLY("aws sts get-caller-identity", VERB_LOOK, "--output:w --profile:w --region:w"),
	READS_ONLY("prisma format|validate", VERB_UNPROVEN, ""),
	READS_ONLY("cdk synth|ls|list|diff", VERB_UNPROVEN, ""),
	SECRET("aws configure|sso"),
	SECRET("aws sts assume-role|get-session-token|get-federation-token"),
	SECRET("aws secretsmanager get-secret-value"),
	SECRET("aws ssm get-parameter|get-parameters"),
	SECRET("aws ecr get-login-password|get-login|get-authorization-token"),
	SECRET("aws iam create-access-key"),
	SECRET("gcloud auth"),
	SECRET("gcloud secrets"),
	SECRET("az account get-access-token"),
	SECRET("az keyvault"),
	SECRET("vault|op|pass|bw|doppler|infisical|chamber|sops|gopass|keyring|lpass|1password|"
		"security|secret-tool|gpg|age|ansible-vault|aws-vault|teller|berglas|"
		"kwallet-query|keychain"),
	SECRET("heroku auth:token|config|config:get"),
	SECRET("vercel env pull|ls"),
	SECRET("fly|flyctl auth token"),
	SECRET("supabase secrets|login"),
	SECRET("doctl auth"),
	SECRET("pulumi config|stack"),

	/* databases */
	CLOUD("mysql|mariadb|mysqldump|mysqladmin|mongosh|mongo|mongodump|mongorestore|"
		"mongoimport|mongoexport|redis-cli|valkey-cli|"
		"pg_dump|pg_dumpall|pg_restore|pg_ctl|createdb|createuser|dropuser|pgbench|"
		"clickhouse|clickhouse-client|cqlsh|influx|"
		"etcdctl|snowsql|bq|sqlcmd|usql|pgcli|mycli|litecli|cockroach|dynamodb|kcat|"
		"kafkacat|rabbitmqctl|rabbitmqadmin|nats|duckdb|litestream"),
	ASKED("dropdb", VERB_DESTROY, "a database", ""),
	VERBS_END,
};

const struct command_row commands_remote[] = {
	{ "curl", read_fetch, NULL }, { "wget", read_fetch, NULL }, { "ssh", read_host, NULL },
	{ "scp", read_host, NULL }, { "sftp", read_host, NULL }, { "rsync", read_host, NULL },
	{ "nc", read_host, NULL }, { "ncat", read_host, NULL }, { "netcat", read_host, NULL },
	{ "telnet", read_host, NULL }, { "ftp", read_host, NULL }, { "mosh", read_host, NULL },
	{ "autossh", read_host, NULL }, { "sshfs", read_host, NULL }, { "http", read_host, NULL },
	{ "https", read_host, NULL }, { "httpie", read_host, NULL }, { "xh", read_host, NULL },
	{ "aria2c", read_host, NULL }, { "axel", read_host, NULL }, { "lftp", read_host, NULL },
	{ "dig", read_host, NULL }, { "nslookup", read_host, NULL }, { "host", read_host, NULL },
	{ "whois", read_host, NULL }, { "ping", read_host, NULL },
	{ "traceroute", read_host, NULL }, { "nmap", read_host, NULL },
	{ "masscan", read_host, NULL }, { "tcpdump", read_host, NULL },
	{ "openssl", read_host, NULL }, { "psql", read_psql, NULL },
	{ "sqlite3", read_sqlite, NULL }, { "gh", verb_read, NULL }, { "glab", verb_read, NULL },
	{ "hub", verb_read, NULL }, { "tea", verb_read, NULL }, { "bb", verb_read, NULL },
	{ "jira", verb_read, NULL }, { "linear", verb_read, NULL }, { "act", verb_read, NULL },
	{ "forgejo", verb_read, NULL }, { "kubectl", verb_read, NULL }, { "oc", verb_read, NULL },
	{ "k3s", verb_read, NULL }, { "kubectl.exe", verb_read, NULL },
	{ "k9s", verb_read, NULL }, { "helmfile", verb_read, NULL },
	{ "kustomize", verb_read, NULL }, { "kind", verb_read, NULL },
	{ "minikube", verb_read, NULL }, { "k3d", verb_read, NULL },
	{ "skaffold", verb_read, NULL }, { "tilt", verb_read, NULL },
	{ "argocd", verb_read, NULL }, { "flux", verb_read, NULL },
	{ "istioctl", verb_read, NULL }, { "eksctl", verb_read, NULL },
	{ "kops", verb_read, NULL }, { "kubeadm", verb_read, NULL }, { "stern", verb_read, NULL },
	{ "kubectx", verb_read, NULL }, { "kubens", verb_read, NULL },
	{ "velero", verb_read, NULL }, { "rancher", verb_read, NULL },
	{ "nomad", verb_read, NULL }, { "consul", verb_read, NULL },
	{ "linkerd", verb_read, NULL }, { "okteto", verb_read, NULL },
	{ "devspace", verb_read, NULL }, { "docker", verb_read, NULL },
	{ "podman", verb_read, NULL }, { "nerdctl", verb_read, NULL },
	{ "docker-compose", verb_read, NULL }, { "buildah", verb_read, NULL },
	{ "ctr", verb_read, NULL }, { "crictl", verb_read, NULL }, { "lima", verb_read, NULL },
	{ "limactl", verb_read, NULL }, { "colima", verb_read, NULL },
	{ "crane", verb_read, NULL }, { "skopeo", verb_read, NULL }, { "oras", verb_read, NULL },
	{ "cosign", verb_read, NULL }, { "dive", verb_read, NULL }, { "trivy", verb_read, NULL },
	{ "vagrant", verb_read, NULL }, { "multipass", verb_read, NULL },
	{ "lxc", verb_read, NULL }, { "incus", verb_read, NULL }, { "virsh", verb_read, NULL },
	{ "qemu-system-x86_64", verb_read, NULL }, { "packer", verb_read, NULL },
	{ "devcontainer", verb_read, NULL }, { "earthly", verb_read, NULL },
	{ "dagger", verb_read, NULL }, { "buildctl", verb_read, NULL },
	{ "terragrunt", verb_read, NULL }, { "pulumi", verb_read, NULL },
	{ "cdk", verb_read, NULL }, { "cdktf", verb_read, NULL }, { "aws", verb_read, NULL },
	{ "gcloud", verb_read, NULL }, { "gsutil", verb_read, NULL }, { "bq", verb_read, NULL },
	{ "az", verb_read, NULL }, { "doctl", verb_read, NULL }, { "fly", verb_read, NULL },
	{ "flyctl", verb_read, NULL }, { "vercel", verb_read, NULL },
	{ "netlify", verb_read, NULL }, { "wrangler", verb_read, NULL },
	{ "heroku", verb_read, NULL }, { "firebase", verb_read, NULL },
	{ "railway", verb_read, NULL }, { "render", verb_read, NULL },
	{ "ansible", verb_read, NULL }, { "ansible-playbook", verb_read, NULL },
	{ "ansible-galaxy", verb_read, NULL }, { "ansible-vault", verb_read, NULL },
	{ "serverless", verb_read, NULL }, { "sls", verb_read, NULL }, { "sst", verb_read, NULL },
	{ "supabase", verb_read, NULL }, { "amplify", verb_read, NULL },
	{ "sam", verb_read, NULL }, { "eb", verb_read, NULL }, { "copilot-cli", verb_read, NULL },
	{ "chalice", verb_read, NULL }, { "zappa", verb_read, NULL }, { "cap", verb_read, NULL },
	{ "kamal", verb_read, NULL }, { "dokku", verb_read, NULL },
	{ "caprover", verb_read, NULL }, { "linode-cli", verb_read, NULL },
	{ "hcloud", verb_read, NULL }, { "scw", verb_read, NULL },
	{ "vultr-cli", verb_read, NULL }, { "ibmcloud", verb_read, NULL },
	{ "oci", verb_read, NULL }, { "aliyun", verb_read, NULL }, { "s3cmd", verb_read, NULL },
	{ "s5cmd", verb_read, NULL }, { "rclone", verb_read, NULL }, { "mc", verb_read, NULL },
	{ "b2", verb_read, NULL }, { "cf", verb_read, NULL }, { "azd", verb_read, NULL },
	{ "func", verb_read, NULL }, { "swa", verb_read, NULL }, { "surge", verb_read, NULL },
	{ "now", verb_read, NULL }, { "gcloud-beta", verb_read, NULL },
	{ "salt", verb_read, NULL }, { "salt-ssh", verb_read, NULL },
	{ "puppet", verb_read, NULL }, { "chef", verb_read, NULL }, { "knife", verb_read, NULL },
	{ "nixops", verb_read, NULL }, { "colmena", verb_read, NULL },
	{ "deploy", verb_read, NULL }, { "stripe", verb_read, NULL },
	{ "twilio", verb_read, NULL }, { "ngrok", verb_read, NULL },
	{ "cloudflared", verb_read, NULL }, { "tailscale", verb_read, NULL },
	{ "localtunnel", verb_read, NULL }, { "lt", verb_read, NULL },
	{ "modal", verb_read, NULL }, { "planetscale", verb_read, NULL },
	{ "pscale", verb_read, NULL }, { "turso", verb_read, NULL },
	{ "neonctl", verb_read, NULL }, { "convex", verb_read, NULL }, { "eas", verb_read, NULL },
	{ "expo", verb_read, NULL }, { "fastlane", verb_read, NULL },
	{ "xcrun", verb_read, NULL }, { "codemagic", verb_read, NULL },
	{ "sentry-cli", verb_read, NULL }, { "datadog-ci", verb_read, NULL },
	{ "newrelic", verb_read, NULL }, { "circleci", verb_read, NULL },
	{ "appcenter", verb_read, NULL }, { "prisma", verb_read, NULL },
	{ "drizzle-kit", verb_read, NULL }, { "alembic", verb_read, NULL },
	{ "flyway", verb_read, NULL }, { "liquibase", verb_read, NULL },
	{ "knex", verb_read, NULL }, { "sequelize", verb_read, NULL },
	{ "typeorm", verb_read, NULL }, { "dbmate", verb_read, NULL },
	{ "goose-db", verb_read, NULL }, { "atlas", verb_read, NULL },
	{ "sqitch", verb_read, NULL }, { "hasura", verb_read, NULL },
	{ "rover", verb_read, NULL }, { "coder", verb_read, NULL }, { "gitpod", verb_read, NULL },
	{ "vault", verb_read, NULL }, { "op", verb_read, NULL }, { "pass", verb_read, NULL },
	{ "bw", verb_read, NULL }, { "doppler", verb_read, NULL },
	{ "infisical", verb_read, NULL }, { "chamber", verb_read, NULL },
	{ "sops", verb_read, NULL }, { "gopass", verb_read, NULL },
	{ "keyring", verb_read, NULL }, { "lpass", verb_read, NULL },
	{ "1password", verb_read, NULL }, { "security", verb_read, NULL },
	{ "secret-tool", verb_read, NULL }, { "gpg", verb_read, NULL },
	{ "age", verb_read, NULL }, { "aws-vault", verb_read, NULL },
	{ "teller", verb_read, NULL }, { "berglas", verb_read, NULL },
	{ "kwallet-query", verb_read, NULL }, { "keychain", verb_read, NULL },
	{ "mysql", verb_read, NULL }, { "mariadb", verb_read, NULL },
	{ "mysqldump", verb_read, NULL }, { "mysqladmin", verb_read, NULL },
	{ "mongosh", verb_read, NULL }, { "mongo", verb_read, NULL },
	{ "mongodump", verb_read, NULL }, { "mongorestore", verb_read, NULL },
	{ "mongoimport", verb_read, NULL }, { "mongoexport", verb_read, NULL },
	{ "redis-cli", verb_read, NULL }, { "valkey-cli", verb_read, NULL },
	{ "pg_dump", verb_read, NULL }, { "pg_dumpall", verb_read, NULL },
	{ "pg_restore", verb_read, NULL }, { "pg_ctl", verb_read, NULL },
	{ "createdb", verb_read, NULL }, { "createuser", verb_read, NULL },
	{ "dropuser", verb_read, NULL }, { "pgbench", verb_read, NULL },
	{ "clickhouse", verb_read, NULL }, { "clickhouse-client", verb_read, NULL },
	{ "cqlsh", verb_read, NULL }, { "influx", verb_read, NULL },
	{ "etcdctl", verb_read, NULL }, { "snowsql", verb_read, NULL },
	{ "sqlcmd", verb_read, NULL }, { "usql", verb_read, NULL }, { "pgcli", verb_read, NULL },
	{ "mycli", verb_read, NULL }, { "litecli", verb_read, NULL },
	{ "cockroach", verb_read, NULL }, { "dynamodb", verb_read, NULL },
	{ "kcat", verb_read, NULL }, { "kafkacat", verb_read, NULL },
	{ "rabbitmqctl", verb_read, NULL }, { "rabbitmqadmin", verb_read, NULL },
	{ "nats", verb_read, NULL }, { "duckdb", verb_read, NULL },
	{ "litestream", verb_read, NULL }, { "dropdb", verb_read, NULL },
	{ NULL, NULL, NULL },
};
// clang-format on
