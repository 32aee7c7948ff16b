# Source: the shapes that Goose's documentation gives of its developer extension's tools, November 2026.
profile goose
relative cwd
agent SERVER__TOOL
tool developer__shell  command=shell
tool developer__write  path=write content=text
tool developer__edit   path=edit before,after=text
