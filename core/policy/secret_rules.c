/*
 * The table of what credentials look like. Shapes are those that the issuers document and the
 * scanner gitleaks (MIT, config of 2026) collected; lengths are minima where an issuer may make
 * them longer. Every pattern is tried only where one of its literals stands.
 *
 * Not here: what is a placeholder (secret_value.c), and values known by name (secret_known.c).
 */
#include "config.h"

#include "core/policy/secret_rules.h"

/* No letter, digit or underscore before it, unless it belongs to an escape such as \n. */
#define B "(?:(?<![A-Za-z0-9_])|(?<=\\\\[nrt]))"
#define E "(?![A-Za-z0-9_])" /* nor behind */
#define WORD "[\\w.~+/=@%!#&*^?-]" /* what a value without quotes is made of */
/* Between a name and its value: the rest of the name, then = or : or =>. */
#define IS "[\\w.-]{0,32}[\"'`\\]]{0,2}[ \\t]{0,4}(?::=|=>|[=:](?!=))[ \\t]{0,4}[\"'`]?"
#define NAME \
	"(?:passw(?:or)?d|passphrase|passwd|secret|token|credentials?|api[_-]?key|access[_-]?key|" \
	"private[_-]?key|auth[_-]?key|client[_-]?secret|encryption[_-]?key|signing[_-]?key)"
#define NAMES \
	"passwd password passphrase secret token credential apikey api_key api-key accesskey " \
	"access_key access-key privatekey private_key private-key authkey auth_key auth-key " \
	"encryption_key encryption-key signing_key signing-key"

// clang-format off
const struct secret_rule secret_rules[] = {
	{ "private-key", "-----begin", 0,
		"(?i)-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----"
		"(?:(?!(?:\\s|\\\\+[nr])*(?:[\"'`)<]|X{4}|\\.{3}|\\[))|(?=[\\s\\S]{0,160}"
		"?[A-Za-z0-9+/]{40}))", 0, RULE_ANY_CASE },
	{ "putty-key", "PuTTY-User-Key-File", 0, "PuTTY-User-Key-File-[23]: ", 0, 0 },
	{ "aws-key", "AKIA ASIA ABIA ACCA A3T", 0,
		B "((?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})(?![A-Za-z0-9])", 300, 0 },
	{ "aws-key", "AKIA ASIA", 0,
		B "((?:AKIA|ASIA)[A-Z0-9]{16})(?![A-Za-z0-9])", 300, RULE_MIXED },
	{ "aws-secret",
		"secret_access_key secretaccesskey aws_secret_key aws_secret secret-access-key",
		0,
		"(?i)(?:secret[_-]?access[_-]?key|aws_secret(?:_key)?)[\"'`]?[ \\t]*(?:[=:,]|"
		"=>)[ \\t]*[\"'`]?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])", 380, RULE_ANY_CASE },
	{ "aws-bedrock", "ABSK", 0, B "(ABSK[A-Za-z0-9+/]{100,269}={0,2})", 300, 0 },
	{ "gcp-api", "AIza", 0, B "(AIza[\\w-]{35})" E, 350, 0 },
	{ "google-oauth", "GOCSPX- ya29.", 0, B "(GOCSPX-[\\w-]{28}|ya29\\.[\\w-]{40,})", 350, 0 },
	{ "azure-ad-secret", "0Q~ 1Q~ 2Q~ 3Q~ 4Q~ 5Q~ 6Q~ 7Q~ 8Q~ 9Q~", 3,
		"(?<![\\w.~-])([\\w.~]{3}\\dQ~[\\w.~-]{31,34})(?![\\w~-])", 300, 0 },
	{ "azure-storage", "accountkey= sharedaccesskey= sharedaccesssignature= sig=", 0,
		"(?i)(?:(?:Account|SharedAccess)Key=([A-Za-z0-9+/]{43,88}={0,2})|"
		"sig=([A-Za-z0-9%]{43,63}%3d))", 300, RULE_ANY_CASE },
	{ "github-token", "ghp_ gho_ ghu_ ghs_ ghr_", 0,
		"(gh[pousr]_[0-9a-zA-Z]{36,251})", 300, 0 },
	{ "github-token", "github_pat_", 0, "(github_pat_\\w{70,})", 300, 0 },
	{ "gitlab-token",
		"glpat- gldt- glrt- glcbt- glft- glsoat- glimt- glagent- gloas- glffct-",
		0,
		B "(gl(?:pat|dt|rt|cbt|ft|soat|imt|agent|oas|ffct)-[\\w-]{20,})", 300, 0 },
	{ "gitlab-token", "glptt- GR1348941", 0,
		B "(glptt-[0-9a-f]{40}|GR1348941[\\w-]{20})", 300, 0 },
	{ "openai-key", "sk-proj- sk-svcacct- sk-admin- sk-None-", 0,
		B "(sk-(?:proj|svcacct|admin|None)-[\\w-]{32,})", 350, 0 },
	{ "openai-key", "T3BlbkFJ", 23, B "(sk-[a-zA-Z0-9]{20}T3BlbkFJ[a-zA-Z0-9]{20})" E, 300, 0 },
	{ "openai-key", "sk-", 0, B "(sk-[a-zA-Z0-9]{32,64})" E, 320, RULE_MIXED },
	{ "anthropic-key", "sk-ant-", 0, B "(sk-ant-[a-z]{3,8}[0-9]{2}-[\\w-]{40,})", 350, 0 },
	{ "openrouter-key", "sk-or-v1-", 0, B "(sk-or-v1-[0-9a-f]{64})", 300, 0 },
	{ "huggingface-token", "hf_ api_org_", 0,
		B "((?:hf|api_org)_[a-zA-Z0-9]{34,40})" E, 350, 0 },
	{ "perplexity-key", "pplx-", 0, B "(pplx-[a-zA-Z0-9]{48})", 350, 0 },
	{ "groq-key", "gsk_", 0, B "(gsk_[a-zA-Z0-9]{48,})", 350, 0 },
	{ "xai-key", "xai-", 0, B "(xai-[a-zA-Z0-9]{70,})", 350, 0 },
	{ "nvidia-key", "nvapi-", 0, B "(nvapi-[\\w-]{60,})", 350, 0 },
	{ "replicate-token", "r8_", 0, B "(r8_[a-zA-Z0-9]{37})" E, 350, 0 },
	{ "slack-token", "xoxb- xoxe. xoxe- xoxp- xoxa- xoxo- xoxs- xoxr- xoxc- xoxd-", 0,
		"(xox[abcdeoprs][-.](?:[0-9A-Za-z%+/=-]{20,}|xox[bp]-[\\w-]{20,}))",
		250, RULE_MIXED },
	{ "slack-token", "xapp-", 0, "(xapp-\\d-[A-Z0-9]+-\\d+-[a-z0-9]{20,})", 250, 0 },
	{ "slack-webhook", "hooks.slack.com/", 0,
		"hooks\\.slack\\.com/((?:services|workflows|triggers)/[A-Za-z0-9+/]{30,80})",
		300, 0 },
	{ "discord-webhook", "/api/webhooks/", 0,
		"/api/webhooks/(\\d{15,20}/[\\w-]{60,})", 300, 0 },
	{ "telegram-token", ":AA", 0, "(?<=\\d{8})(:AA[\\w-]{33})" E, 300, RULE_MANY },
	{ "stripe-key", "sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_", 0,
		B "((?:sk|rk)_(?:test|live|prod)_[a-zA-Z0-9]{16,247})" E, 280, 0 },
	{ "stripe-webhook", "whsec_", 0, B "(whsec_[A-Za-z0-9+/]{32,}={0,2})", 350, 0 },
	{ "npm-token", "npm_", 0, B "(npm_[a-zA-Z0-9]{36})" E, 300, 0 },
	{ "npm-token", "_authtoken", 0,
		"(?i)_authToken[ \\t]*[= ][ \\t]*[\"']?([\\w~.+/-]{20,})",
		300, RULE_ANY_CASE | RULE_MIXED | RULE_WORDS },
	{ "pypi-token", "pypi-AgE", 0, "(pypi-AgE[\\w-]{50,1000})", 300, 0 },
	{ "rubygems-key", "rubygems_", 0, B "(rubygems_[a-f0-9]{48})", 300, 0 },
	{ "crates-token", "cio", 0, B "(cio[a-zA-Z0-9]{32})" E, 400, RULE_MANY },
	{ "docker-token", "dckr_pat_ dckr_oat_", 0, B "(dckr_[po]at_[\\w-]{27,})", 300, 0 },
	{ "digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", 0,
		B "(do[opr]_v1_[a-f0-9]{64})", 300, 0 },
	{ "heroku-key", "HRKU-", 0, B "(HRKU-(?:AA[\\w-]{58}|[0-9a-f-]{36}))", 300, 0 },
	{ "fly-token", "fo1_ fm1_ fm2_ fm1a_ fm1r_", 0,
		B "(fo1_[\\w-]{43}|fm[12][ar]?_[a-zA-Z0-9+/]{100,}={0,3})", 350, 0 },
	{ "sendgrid-key", "SG.", 0, B "(SG\\.[\\w-]{16,32}\\.[\\w-]{32,64})", 350, 0 },
	{ "twilio-key", "SK0 SK1 SK2 SK3 SK4 SK5 SK6 SK7 SK8 SK9 SKa SKb SKc SKd SKe SKf", 0,
		B "(SK[0-9a-f]{32})" E, 300, RULE_MIXED },
	{ "mailgun-key", "key-", 0, B "(key-[a-f0-9]{32})(?![\\w-])", 300, RULE_MIXED },
	{ "mailchimp-key", "-us", 32, B "([0-9a-f]{32}-us[0-9]{1,2})" E, 300, RULE_MIXED },
	{ "shopify-token", "shpat_ shpss_ shpca_ shppa_", 0,
		B "(shp(?:at|ss|ca|pa)_[a-fA-F0-9]{32})" E, 250, 0 },
	{ "square-token", "sq0atp- sq0csp- EAAAE EAAAl", 0,
		B "((?:sq0atp-|sq0csp-)[\\w-]{22,60}|EAAA[El][\\w-]{55,60})" E, 300, RULE_MIXED },
	{ "facebook-token", "EAAC EAAG EAAI", 0,
		B "(EAA[CGI][A-Za-z0-9]{36,})" E, 350, RULE_MANY },
	{ "terraform-token", ".atlasv1.", 14,
		B "([a-zA-Z0-9]{14}\\.atlasv1\\.[\\w=-]{60,70})", 350, 0 },
	{ "vault-token", "hvs. hvb. hvr.", 0, B "(hv[sbr]\\.[\\w-]{24,300})", 350, RULE_MANY },
	{ "databricks-token", "dapi", 0, B "(dapi[a-f0-9]{32}(?:-\\d)?)" E, 300, RULE_MIXED },
	{ "pulumi-token", "pul-", 0, B "(pul-[a-f0-9]{40})" E, 250, RULE_MIXED },
	{ "planetscale-token", "pscale_", 0,
		B "(pscale_(?:tkn|pw|oauth)_[\\w=.-]{32,64})", 300, 0 },
	{ "doppler-token", "dp.pt. dp.st. dp.ct. dp.sa.", 0,
		B "(dp\\.(?:pt|st|ct|sa)\\.[\\w.-]{40,})", 300, 0 },
	{ "linear-key", "lin_api_ lin_oauth_", 0,
		B "(lin_(?:api|oauth)_[a-zA-Z0-9]{40,})", 300, 0 },
	{ "notion-token", "ntn_ secret_", 0,
		B "(ntn_[0-9]{11}[A-Za-z0-9]{35}|secret_[A-Za-z0-9]{43})" E, 380, RULE_MIXED },
	{ "postman-key", "PMAK-", 0, B "(PMAK-[a-f0-9]{24}-[a-f0-9]{34})", 300, 0 },
	{ "grafana-token", "glsa_ glc_", 0,
		B "(glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|glc_[A-Za-z0-9+/]{32,400}={0,3})",
		300, RULE_MIXED },
	{ "sentry-token", "sntrys_ sntryu_", 0,
		B "(sntrys_eyJ[\\w+/=-]{40,}|sntryu_[a-f0-9]{64})", 300, 0 },
	{ "newrelic-key", "NRAK- NRII- NRJS-", 0,
		B "(NR(?:AK|II|JS)-[\\w-]{19,34})" E, 300, RULE_MIXED },
	{ "atlassian-token", "ATATT3 ATCTT3 ATBB", 0,
		B "(AT[AC]TT3[\\w=-]{60,}|ATBB[A-Za-z0-9]{28,32})", 350, RULE_MIXED },
	{ "1password-token", "ops_eyJ", 0, B "(ops_eyJ[a-zA-Z0-9+/]{100,}={0,3})", 350, 0 },
	{ "age-key", "AGE-SECRET-KEY-1", 0,
		"(AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58})", 0, 0 },
	{ "supabase-key", "sbp_ sb_secret_", 0,
		B "(sbp_[a-f0-9]{40}|sb_secret_[\\w-]{20,})", 300, 0 },
	{ "netlify-token", "nfp_", 0, B "(nfp_[a-zA-Z0-9]{36,})", 350, 0 },
	{ "figma-token", "figd_", 0, B "(figd_[\\w-]{36,})", 350, 0 },
	{ "posthog-key", "phx_", 0, B "(phx_[a-zA-Z0-9]{40,})", 350, 0 },
	{ "tailscale-key", "tskey-", 0,
		B "(tskey-[a-z]+-[a-zA-Z0-9]+-?[a-zA-Z0-9]{16,})", 300, RULE_MIXED },
	{ "artifactory-key", "AKCp cmVmd", 0,
		B "(AKCp[A-Za-z0-9]{60,}|cmVmd[A-Za-z0-9]{59})" E, 400, 0 },
	{ "alibaba-key", "LTAI", 0, B "(LTAI[A-Za-z0-9]{16,20})" E, 300, RULE_MIXED },
	{ "jwt", "eyJ", 0,
		B "(eyJ[a-zA-Z0-9_-]{12,}\\.e[wy][a-zA-Z0-9_-]{8,}\\.[a-zA-Z0-9_-]{16,})", 300, 0 },
	{ "url-password", "://", 0,
		"(?<=[a-zA-Z])://[^\\s:/@\"'`<>()\\[\\]{}]{0,64}:([^\\s:/@\"'`<>()\\[\\]{}]"
		"{6,256})@[\\w\\[]", 200, RULE_WORDS },
	{ "auth-header", "authorization", 0,
		"(?i)authorization[\"'`]?[ \\t]*[:=,][ \\t]*[\"'`]?"
		"(?:bearer|token|apikey|api-key)[ \\t]+([\\w=~@.+/-]{16,})",
		300, RULE_ANY_CASE | RULE_MIXED | RULE_WORDS },
	{ "auth-header", "authorization", 0,
		"(?i)authorization[\"'`]?[ \\t]*[:=,][ \\t]*[\"'`]?"
		"basic[ \\t]+([\\w+/-]{12,}={0,2})(?![\\w=~@.+/-])",
		300, RULE_ANY_CASE | RULE_WORDS },
	{ "curl-user", "curl", 0,
		B "curl[ \\t][^\\n]{0,400}?(?:-u|--user)(?:[ \\t=]+)[\"']?[\\w.@-]{1,64}"
		":([^\\s\"'$:{<]{6,128})", 200, RULE_SMALL | RULE_WORDS },
	{ "assigned-secret", NAMES, 0,
		"(?i:" NAME ")" IS "([A-Za-z0-9_+/=.-]{24,256})(?![\\w+/=.(\\[-])",
		410, RULE_ANY_CASE | RULE_MANY | RULE_WORDS },
	{ "command-password", "sshpass mysql mariadb docker", 0,
		B "(?:sshpass|(?:mysql|mariadb)[a-z-]{0,12}|docker[ \\t]+login)[ \\t]"
		"[^\\n|;&]{0,200}?(?<=[ \\t])-p[ \\t]?[\"']?(" WORD "{6,128})",
		250, RULE_SMALL | RULE_MIXED | RULE_WORDS },
	{ "told-secret", NAMES, 0,
		"(?i:" NAME ")[ \\t]+(?:is|was)[: \\t]+[\"'`]?(" WORD "{8,256})(?![\\w(\\[{$<])",
		280, RULE_ANY_CASE | RULE_SMALL | RULE_MIXED | RULE_WORDS },
	{ "generic-assign", NAMES " pwd", 0,
		"(?i:" NAME "|pwd)" IS "(" WORD "{8,256})(?![\\w(\\[{$<])",
		250, RULE_ANY_CASE | RULE_SMALL | RULE_MIXED | RULE_WORDS },
	{ "generic-option",
		"--password --token --secret --api-key --apikey --access-key --client-secret "
		"--auth-token --passphrase",
		0,
		"(?i)--[a-z-]{4,24}[= \\t][ \\t]*[\"']?(" WORD "{8,256})(?![\\w(\\[{$<])",
		280, RULE_ANY_CASE | RULE_SMALL | RULE_MIXED | RULE_WORDS },
	{ "generic-header", "api-key api_key x-auth-token private-token", 0,
		"(?i)(?:api[-_]key|x-auth-token|private-token)[\"']?[ \\t]*:[ \\t]*[\"']"
		"?([\\w=~@.+/-]{12,256})",
		300, RULE_ANY_CASE | RULE_SMALL | RULE_MIXED | RULE_WORDS },
	{ NULL, NULL, 0, NULL, 0, 0 },
};
// clang-format on
