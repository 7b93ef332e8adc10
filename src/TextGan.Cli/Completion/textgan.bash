# Completion of textgan for bash, for this shell: source <(textgan completion bash)
_textgan() {
    local line="${COMP_LINE:0:COMP_POINT}" word current head item
    # The program is asked about the arguments alone: it may have been called by another name.
    line="${line#"${COMP_WORDS[0]}"}"
    line="${line#"${line%%[![:space:]]*}"}"
    [[ -n "$line" || "${COMP_LINE:0:COMP_POINT}" == *[[:space:]] ]] || return
    word="${line##*[[:space:]]}"
    if [[ "$word" == -*=* ]]; then
        line="${line%"$word"}${word/=/ }" # values are asked for apart from their option
        word="${word#*=}"
    fi
    # Readline replaces what lies behind the last '=' or ':' of a word only.
    current="${word##*[=:]}"
    head="${word%"$current"}"
    COMPREPLY=()
    while IFS= read -r item; do
        [[ "$item" == -* && "$word" != -* ]] && continue
        [[ -n "$item" && "$item" == "$word"* ]] && COMPREPLY+=("${item#"$head"}")
    done < <(textgan "[suggest:${#line}]" "$line" 2>/dev/null)
    # A folder of runs or the first names of a list may be continued.
    [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == */ ]] && compopt -o nospace
    return 0
}
complete -o bashdefault -o default -F _textgan textgan
