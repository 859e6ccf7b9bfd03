using System.Globalization;
using FlowMeter.Cli.Http;
using FlowMeter.Engine.Watch;

namespace FlowMeter.Cli.Page;

/// <summary>What a viewer asks of the suspicious flows, as it stands in an address.</summary>
internal static class PageQuery
{
    /// <summary>Flows that the page shows at most.</summary>
    public const int MaxShown = 100;

    private const int MaxSearch = 200;

    /// <summary>What was asked for; what can not be is left out.</summary>
    /// <param name="request">Has <c>q</c>, <c>sort</c> and <c>order</c>.</param>
    /// <param name="max">Flows at most.</param>
    public static FlowQuery Read(HttpRequest request, int max = MaxShown)
    {
        string search = request.Query("q");
        string sort = request.Query("sort");
        FlowOrder[] orders = Enum.GetValues<FlowOrder>();
        return new FlowQuery(
            search.Length > MaxSearch ? search[..MaxSearch] : search, orders.FirstOrDefault(order => NameOf(order) == sort),
            request.Query("order") == "asc", max);
    }

    /// <summary>The same as a query of an address.</summary>
    public static string Write(FlowQuery query) =>
        $"q={Uri.EscapeDataString(query.Search)}&sort={NameOf(query.Order)}&order={(query.IsAscending ? "asc" : "desc")}";

    /// <summary>The name of an order in an address.</summary>
    public static string NameOf(FlowOrder order) => order.ToString().ToLower(CultureInfo.InvariantCulture);
}
