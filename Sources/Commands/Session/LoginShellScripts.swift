/// The scripts for login shells. Each only hands the line over to `apexsh complete` and shows what comes back.
enum LoginShellScripts {
  /// Bash breaks words at `:`, `@`, `=` and others, and replaces only the last piece: what stands before it in the word
  /// is taken off each candidate.
  static let bash = #"""
    _apexsh_complete() {
      local line="${COMP_LINE:0:COMP_POINT}" candidate typed head rest
      local cur="${COMP_WORDS[COMP_CWORD]}"
      COMPREPLY=()
      # The whole word before the cursor, as blanks delimit it.
      typed="${line##*[[:space:]]}"
      cur="${cur:0:${#typed}}"
      if [[ "$typed" == *"$cur" ]]; then head="${typed%"$cur"}"; else head=""; fi
      case "$cur" in [:=@\;\>\<\|\&]) head="$typed" ;; esac
      while IFS=$'\t' read -r candidate rest; do
        [[ "$candidate" == "$head"* ]] || continue
        COMPREPLY+=("${candidate#"$head"}")
      done < <(command "${COMP_WORDS[0]}" complete --program -- "$line" 2>/dev/null)
      compopt -o nosort 2>/dev/null
      case "${COMPREPLY[0]-}" in */) compopt -o nospace 2>/dev/null ;; esac
    }
    complete -F _apexsh_complete apexsh

    """#

  static let zsh = #"""
    #compdef apexsh
    _apexsh_complete() {
      local -a candidates descriptions
      local line candidate description
      line="${BUFFER:0:$CURSOR}"
      while IFS=$'\t' read -r candidate description; do
        candidates+=("$candidate")
        if [[ -n "$description" ]]; then
          descriptions+=("$candidate  $description")
        else
          descriptions+=("$candidate")
        fi
      done < <(command apexsh complete --program -- "$line" 2>/dev/null)
      (( ${#candidates} )) && compadd -V apexsh -l -d descriptions -a candidates
    }
    if (( ! $+functions[compdef] )); then
      autoload -Uz compinit && compinit
    fi
    compdef _apexsh_complete apexsh

    """#

  static let fish = #"""
    function __apexsh_complete
      command apexsh complete --program -- (commandline -cp) 2>/dev/null
    end
    complete -c apexsh -f -k -a '(__apexsh_complete)'

    """#
}
