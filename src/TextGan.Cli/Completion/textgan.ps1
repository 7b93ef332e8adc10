# Completion of textgan for PowerShell 7. For this shell: textgan completion pwsh | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName textgan -ScriptBlock {
    param($word, $tree, $position)
    # The program is asked about the arguments alone: it may have been called by another name.
    $line = $tree.ToString().PadRight($position - $tree.Extent.StartOffset).Substring(0, $position - $tree.Extent.StartOffset)
    $line = $line -replace '^\S+\s*', ''
    $value = $word
    if ($word -like '-*=*') {
        # Values are asked for apart from their option.
        $value = $word.Substring($word.IndexOf('=') + 1)
        $line = $line -replace '(-[^\s=]*)=(\S*)$', '$1 $2'
    }
    textgan "[suggest:$($line.Length)]" "$line" 2>$null |
        Where-Object { $_ -and $_.StartsWith($value) -and ($value.StartsWith('-') -or -not $_.StartsWith('-')) } |
        ForEach-Object {
            $text = $word.Substring(0, $word.Length - $value.Length) + $_
            [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
        }
}
