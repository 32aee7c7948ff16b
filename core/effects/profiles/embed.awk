# Prints the profiles that it is given as a C table of texts: core/effects/profiles_shipped.c.
function end_text() {
	if (name != "") {
		print "\t},"
	}
}

BEGIN {
	print "/* Made from core/effects/profiles/ by embed.awk. */"
	print "#include \"core/effects/profile.h\"\n"
	print "const struct profile_text profile_texts[] = {"
}

FNR == 1 {
	end_text()
	name = FILENAME
	sub(/^.*\//, "", name)
	print "\t{ \"" name "\","
}

{
	gsub(/\\/, "\\134") # as octal numbers: awks differ in what a backslash before these means
	gsub(/"/, "\\042")
	print "\t\t\"" $0 "\\n\""
}

END {
	end_text()
	print "\t{ NULL, NULL },"
	print "};"
}
