using System.Buffers.Text;
using System.IO.Compression;
using System.Text.Json;

namespace FlowMeter.Engine.Scoring;

/// <summary>
/// The malicious flows that a model was trained with, as the bins of its features and no more, so that <c>flowmeter tune</c> can fit the
/// weights again beside the benign traffic of another network. In the file: a byte a flow for each <see cref="KeptColumn"/>, column by
/// column in the order of the model, then the low and the high bytes of the groups; deflated, in base64.
/// </summary>
/// <param name="Bins">The byte of every flow, a column for each of <see cref="KeptColumn.Of"/>.</param>
/// <param name="Groups">The group of every flow, from 0: flows of one group stay together in a cross-validation.</param>
public sealed record MaliciousFlows(IReadOnlyList<byte[]> Bins, ushort[] Groups)
{
    /// <summary>Flows that a model can keep at most.</summary>
    public const int MaxFlows = 1 << 16;

    /// <summary>Number of flows.</summary>
    public int Count => Groups.Length;

    /// <summary>Reads the property <c>malicious</c> of a model file.</summary>
    internal static MaliciousFlows Read(JsonFields fields, IReadOnlyList<ModelFeature> features)
    {
        fields.AllowOnly("flows", "columns");
        int flows = fields.Whole("flows") is int count and > 0 and <= MaxFlows
            ? count
            : throw fields.Wrong("flows", $"expected a whole number from 1 to {MaxFlows}");
        IReadOnlyList<KeptColumn> columns = KeptColumn.Of(features)
            ?? throw fields.Wrong("columns", "the model has features of identity or log1p, expected bins, pairs and hash only");
        byte[] bytes = Inflate(fields, (columns.Count + 2) * flows);
        byte[][] bins = [.. columns.Select((_, column) => bytes.AsSpan(column * flows, flows).ToArray())];
        int wrong = Enumerable.Range(0, bins.Length).FirstOrDefault(column => bins[column].Max() > columns[column].Most, -1);
        if (wrong >= 0)
        {
            throw fields.Wrong("columns", $"a bin of '{columns[wrong].Name}' that it does not have, expected bins of its edges");
        }

        ReadOnlySpan<byte> groups = bytes.AsSpan(columns.Count * flows);
        ushort[] numbers = new ushort[flows];
        for (int i = 0; i < flows; i++)
        {
            numbers[i] = (ushort)(groups[i] | (groups[flows + i] << 8));
        }

        return new MaliciousFlows(bins, numbers);
    }

    /// <summary>Writes it as the property <c>malicious</c> of a model file.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        using MemoryStream packed = new();
        using (DeflateStream deflate = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            foreach (byte[] column in Bins)
            {
                deflate.Write(column);
            }

            deflate.Write([.. Groups.Select(group => (byte)group)]);
            deflate.Write([.. Groups.Select(group => (byte)(group >> 8))]);
        }

        json.WriteStartObject("malicious");
        json.WriteNumber("flows", Count);
        json.WriteBase64String("columns", packed.GetBuffer().AsSpan(0, (int)packed.Length));
        json.WriteEndObject();
    }

    private static byte[] Inflate(JsonFields fields, int length)
    {
        string text = fields.Text("columns");
        if (!Base64.IsValid(text))
        {
            throw fields.Wrong("columns", "expected base64");
        }

        byte[] bytes = new byte[length];
        try
        {
            using DeflateStream inflate = new(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
            inflate.ReadExactly(bytes);
            return inflate.ReadByte() < 0 ? bytes : throw fields.Wrong("columns", $"more than the expected {length} bytes");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            // No deflate, or too little of it: the file is at fault, and the message says where.
            throw fields.Wrong("columns", $"expected {length} deflated bytes");
        }
    }
}
