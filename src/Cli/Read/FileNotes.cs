using System.Globalization;
using FlowMeter.Engine.Capture;

namespace FlowMeter.Cli.Read;

/// <summary>What is said of single files while several are read.</summary>
/// <param name="choices">What was typed.</param>
/// <param name="warn">Says a warning.</param>
/// <param name="tell">Says what is no warning.</param>
internal sealed class FileNotes(ReadChoices choices, Action<string> warn, Action<string> tell)
{
    // A folder of unsorted files is one mistake, not thousands.
    private const int MaxOverlapsTold = 5;

    private int _overlaps;

    /// <summary>
    /// Says at once what is wrong with a file, since the run goes on; where it is the only one, its failure is the run's last word.
    /// </summary>
    public void Tell(CaptureFile file, CaptureFile? before, long time)
    {
        if (before != null && ++_overlaps > MaxOverlapsTold)
        {
            if (_overlaps == MaxOverlapsTold + 1)
            {
                warn("further files begin before the one before them ended; they are not named.");
            }
        }
        else if (before != null)
        {
            string effect = choices.IsSorted
                ? "the two overlap; mergecap joins them packet by packet"
                : "flows that cross the border may be torn or turned round; --sort reads files in order";
            warn(string.Create(
                CultureInfo.InvariantCulture, $"{file.Path} begins {time / 1e9:0.######} s before {before.Path} ended: {effect}."));
        }
        else if (choices.Files.Count > 1)
        {
            tell(file.Failure!.Message);
        }
    }
}
