#compdef textgan
# Completion of textgan for zsh. For this shell: source <(textgan completion zsh)
# For all shells: save it as "_textgan" in a folder of $fpath.
_textgan() {
    local line="${(j: :)${(@)words[2,CURRENT-1]}}${${CURRENT:#2}:+ }$PREFIX" word="$PREFIX"
    local -a found
    if [[ "$word" == -*=* ]]; then
        line="${line%$word}${word/=/ }" # values are asked for apart from their option
        compset -P '*='
        word="$PREFIX"
    fi
    # The program is asked about the arguments alone: it may have been called by another name.
    found=("${(@f)$(textgan "[suggest:${#line}]" "$line" 2>/dev/null)}")
    found=("${(@M)found:#${(b)word}*}")
    [[ "$word" == -* ]] || found=("${(@)found:#-*}")
    # A folder of runs may be continued.
    local -a folders=("${(@M)found:#*/}") words=("${(@)${(@)found:#*/}:#}")
    if (( $#folders + $#words )); then
        compadd -S '' -a folders
        compadd -a words
    else
        _files
    fi
}
if [[ "${funcstack[1]}" == _textgan ]]; then _textgan "$@"; else compdef _textgan textgan; fi
