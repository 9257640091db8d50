/** What each shell sources. They ask the program itself, so that targets and checks are those of the checkout. */
export const scripts = {
  bash: `# bash completion of lockstep: source <(lockstep completion bash)
_lockstep() {
  local word
  COMPREPLY=()
  while IFS=$'\\t' read -r word _; do
    COMPREPLY+=("$word")
  done < <(lockstep completion --candidates -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _lockstep lockstep
`,
  zsh: `#compdef lockstep
# zsh completion of lockstep: a file _lockstep in a folder of $fpath, or source <(lockstep completion zsh)
_lockstep() {
  local word about
  local -a found
  while IFS=$'\\t' read -r word about; do
    found+=("\${word//:/\\\\:}:$about")
  done < <(lockstep completion --candidates -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then
    _describe lockstep found
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == _lockstep ]]; then
  _lockstep "$@"
else
  compdef _lockstep lockstep
fi
`,
  fish: `# fish completion of lockstep: a file completions/lockstep.fish, or lockstep completion fish | source
function __lockstep_candidates
    set -l words (commandline -opc)
    lockstep completion --candidates -- $words[2..-1] "$(commandline -ct)" 2>/dev/null
end
complete -c lockstep -n 'test (count (__lockstep_candidates)) -gt 0' -f -a '(__lockstep_candidates)'
`,
} as const;
