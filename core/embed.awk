# Prints the files that it is given as a C table of texts: -v type=T -v table=N -v header=H, where H declares
# `extern const struct T N[]` with members name and text; the last row is NULL.
function end_text() {
	if (name != "") {
		print "\t},"
	}
}

BEGIN {
	print "/* Made by core/embed.awk. */"
	print "#include \"" header "\"\n"
	print "const struct " type " " table "[] = {"
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
