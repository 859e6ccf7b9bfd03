namespace FlowMeter.Engine.Names;

/// <summary>Where parsers put what they find: the flow, and its record, which it gets with its first name.</summary>
/// <param name="flow">The flow.</param>
/// <param name="records">Where a record comes from.</param>
internal readonly unsafe ref struct FlowNaming(FlowNames* flow, NameRecords records)
{
    /// <summary>What the flow is so far.</summary>
    public Application Application => flow->Application;

    /// <summary>Says what the flow is, unless that is known: the outer protocol comes first.</summary>
    public void Is(Application application)
    {
        if (flow->Application == Application.Unknown)
        {
            flow->Application = application;
            records.Named++;
        }
    }

    /// <summary>Says what the flow is, in place of what a first packet made of it.</summary>
    public void IsRather(Application application)
    {
        Is(application);
        flow->Application = application;
    }

    /// <summary>A name that the flow has; empty where it has none of this kind.</summary>
    public ReadOnlySpan<byte> this[NameField field] => flow->Record == NameArena.None ? [] : (*records.Of(flow))[field];

    /// <summary>Adds a name, unless the flow has one of this kind, or there is no memory for it, which is counted.</summary>
    public void Add(NameField field, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        NameRecord* record = records.Of(flow);
        if (record != null)
        {
            record->Add(field, bytes);
        }
    }

    /// <summary>Replaces a name by one of the same length.</summary>
    public void Replace(NameField field, ReadOnlySpan<byte> bytes)
    {
        if (flow->Record != NameArena.None)
        {
            records.Of(flow)->Replace(field, bytes);
        }
    }
}
