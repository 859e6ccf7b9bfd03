using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Fuzz;

/// <summary>
/// The readers of pcap, pcapng, gzip and zstd, from any bytes. The frames and the ending are the reference's, in whatever pieces the bytes
/// come and whatever they are packed in, and a copy of all records is a capture of the same frames.
/// </summary>
internal static class SavefileTarget
{
    public static void Run(byte[] bytes)
    {
        SavefileReading whole = SavefileReading.Of(bytes, int.MaxValue);
        Same(whole, SavefileReading.Of(bytes, 1 + (bytes.Length % 61)), "in small pieces");
        Same(whole, SavefileReading.Of(bytes, 4097), "in large pieces");
        Copied(whole, SavefileReading.Of(bytes, 1 + (bytes.Length % 500), isCopied: true));

        ReferenceCapture reference = ReferenceReader.Read(bytes);
        if (reference.Ending == CaptureEnding.NotACapture && whole.IsOpened)
        {
            // Compressed: the reference does not unpack.
            Assert.True(bytes[0] is 0x1F or 0x28, "opened, but it is no capture");
            return;
        }

        if (!whole.IsOpened)
        {
            Assert.Empty(reference.Frames);
            Assert.NotEqual(CaptureEnding.Complete, reference.Ending);
            return;
        }

        Assert.Null(FirstDifference(reference.Frames, whole.Frames, whole.IsLong));
        Assert.True(whole.IsLong || reference.Ending == whole.Ending, $"{reference.Ending} expected: {whole.Damage?.Message}");
        byte[] packed = bytes.Length % 3 == 0
            ? SavefileReading.Zstandard(bytes)
            : SavefileReading.Gzip(bytes, isParted: bytes.Length % 3 == 1);
        Same(whole, SavefileReading.Of(packed, 1 + (bytes.Length % 97)), "compressed");
    }

    private static void Same(SavefileReading expected, SavefileReading actual, string how)
    {
        // Of a block that is damaged itself libzstd gives its beginning or nothing, by the room it has.
        bool isInBlock = IsInBlock(expected) || IsInBlock(actual);
        Assert.True(
            isInBlock || expected.IsOpened == actual.IsOpened, $"{how}: {expected.Damage?.Message} / {actual.Damage?.Message}");
        string? difference = FirstDifference(expected.Frames, actual.Frames, isInBlock || expected.IsLong || actual.IsLong);
        Assert.True(difference == null, $"{how}: {difference}");
        Assert.True(
            isInBlock || expected.IsLong || actual.IsLong || expected.Damage?.Message == actual.Damage?.Message,
            $"{how}: {expected.Damage?.Message} / {actual.Damage?.Message}");
    }

    private static bool IsInBlock(SavefileReading reading) =>
        reading.Damage?.Message.Contains("zstd stream is damaged", StringComparison.Ordinal) == true;

    private static void Copied(SavefileReading whole, SavefileReading copied)
    {
        // A block without packets may be so long that it is no damage to step over it, but is not kept: then the end comes sooner.
        bool isShort = IsInBlock(whole) || IsInBlock(copied)
            || copied.Damage?.Message.Contains("more than any needs", StringComparison.Ordinal) == true;
        Assert.Null(FirstDifference(whole.Frames, copied.Frames, isShort || whole.IsLong));
        if (copied.Frames.Count > 0)
        {
            SavefileReading again = SavefileReading.Of(copied.Copy.ToArray(), int.MaxValue);
            Assert.Null(FirstDifference(copied.Frames, again.Frames, isPrefix: whole.IsLong));
            Assert.True(again.Damage == null || whole.IsLong, again.Damage?.Message);
        }
    }

    private static string? FirstDifference(List<Frame> expected, List<Frame> actual, bool isPrefix)
    {
        for (int i = 0; i < Math.Min(expected.Count, actual.Count); i++)
        {
            (Frame want, Frame have) = (expected[i], actual[i]);
            if ((want.LinkType, want.TimestampNs, want.OriginalLength) != (have.LinkType, have.TimestampNs, have.OriginalLength)
                || !want.Captured.AsSpan().SequenceEqual(have.Captured))
            {
                return $"frame {i}: {want.LinkType} {want.TimestampNs} {want.Captured.Length} {want.OriginalLength} expected, there is "
                    + $"{have.LinkType} {have.TimestampNs} {have.Captured.Length} {have.OriginalLength}";
            }
        }

        return isPrefix || expected.Count == actual.Count ? null : $"{expected.Count} frames expected, there are {actual.Count}";
    }
}
