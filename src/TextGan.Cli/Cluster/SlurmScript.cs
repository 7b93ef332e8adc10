using System.Globalization;

namespace TextGan.Cli.Cluster;

/// <summary>
/// Writes the script of an array job. Each element makes one run and notes in a file what happens to it (<see cref="ElementNote"/>).
/// Before the time limit Slurm sends USR1 to the script (<c>--signal=B:USR1@SECONDS</c>); it stops the run with SIGTERM, which leaves a
/// checkpoint, and puts the element back into the queue.
/// </summary>
public static class SlurmScript
{
    public static string Of(SlurmJob job)
    {
        // Of two the later one counts, so the template's stand before these.
        string[] directives =
        [
            $"--array=0-{job.Runs.Count - 1}{(job.Limit is { } limit ? $"%{limit}" : "")}",
            .. job.Time is { } time ? [$"--time={time}"] : Array.Empty<string>(),
            .. job.Partition is { } partition ? [$"--partition={partition}"] : Array.Empty<string>(),
            $"--signal=B:USR1@{(job.BeforeEnd * 60).ToString(CultureInfo.InvariantCulture)}",
            "--requeue",
            // Slurm would expand '%' and '\' in the folder's name.
            "--output=/dev/null",
        ];
        string[] lines =
        [
            "#!/bin/bash",
            $"#SBATCH --job-name={job.Name}",
            .. job.Template.Directives,
            .. directives.Select(option => $"#SBATCH {option}"),
            "",
            "# Each element of this array makes one run. Some minutes before the time limit Slurm sends USR1 to this script, which stops",
            "# the run with a checkpoint and puts its element back into the queue, where the run resumes.",
            $"folder={Quoted(job.Folder)}",
            "runs=(",
            .. job.Runs.Select(run => $"    {Quoted(run)}"),
            ")",
            .. Beginning.Split('\n'),
            $"cd -- {Quoted(job.WorkingFolder)} || exit",
            "",
            .. job.Template.SetUp,
            .. job.Template.SetUp.Count > 0 ? [""] : Array.Empty<string>(),
            "set +eu",
            $"{Words(job.Program)} run --run=\"$run\" {Words(job.Arguments)} &",
            .. End.Split('\n'),
            "",
        ];
        return string.Join('\n', lines);
    }

    static string Words(IEnumerable<string> texts) => string.Join(' ', texts.Select(Quoted));

    /// <summary>A text as one word of bash, whatever is in it.</summary>
    public static string Quoted(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    const string Beginning = """"
        element=${SLURM_ARRAY_TASK_ID:?submit this script with sbatch}
        run=${runs[element]}
        exec >> "$folder/$element.log" 2>&1

        # A line for 'textgan status'. It also reads the file's time, which shows that this script is alive.
        note() {
            printf '{"event":"%s","at":%d%s}\n' "$1" "$(date +%s)" "${2-}" >> "$folder/$element.jsonl"
        }
        note_end() {
            [ -n "$ended" ] || note ended ",\"code\":$1"
            ended=yes
        }
        before_limit() {
            requeue=yes
            [ -z "$child" ] || kill -TERM "$child"
        }
        # At the time limit, and with scancel, Slurm sends SIGTERM to the run, too; a second one would keep it from its checkpoint.
        at_limit() {
            requeue=
            note terminated
            [ -n "$child" ] || exit 143
        }
        newest_checkpoint() {
            ls -t -- "$folder/../../$run/checkpoints" 2> /dev/null | head --lines=1
        }
        child= requeue= ended= alive=
        before=$(newest_checkpoint)
        readonly folder runs element run before # whatever set-up lines use
        trap 'note_end $?; [ -z "$alive" ] || kill "$alive"' EXIT
        trap before_limit USR1
        trap at_limit TERM
        ends=$(SLURM_TIME_FORMAT=standard squeue --noheader --jobs="${SLURM_ARRAY_JOB_ID}_$element" --format=%e 2> /dev/null)
        [ -z "$ends" ] || ends=$(date --date="$ends" +%s 2> /dev/null)
        note started ",\"job\":\"${SLURM_ARRAY_JOB_ID}_$element\",\"host\":\"${SLURMD_NODENAME-}\",\"ends\":${ends:-null}"
        while sleep 60; do touch "$folder/$element.jsonl"; done > /dev/null 2>&1 &
        alive=$!
        [ -z "${SLURM_CPUS_PER_TASK-}" ] || export DOTNET_PROCESSOR_COUNT=$SLURM_CPUS_PER_TASK
        """";

    // The program ends with 143 if SIGTERM kept something from being done.
    const string End = """"
        child=$!
        [ -z "$requeue" ] || kill -TERM "$child"
        while kill -0 "$child" 2> /dev/null; do wait "$child"; done # a signal ends 'wait', not the run
        wait "$child"
        code=$?
        if [ -n "$requeue" ] && [ "$code" = 143 ] && [ "$(newest_checkpoint)" = "$before" ]; then
            echo "Not requeued, because the run made no progress: the time limit is too short, or --before-end too long."
        elif [ -n "$requeue" ] && [ "$code" = 143 ]; then
            trap '' TERM
            note requeued
            ended=yes
            scontrol requeue "${SLURM_ARRAY_JOB_ID}_$element" || ended=
        fi
        note_end "$code"
        exit "$code"
        """";
}
