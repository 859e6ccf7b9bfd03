namespace FlowMeter.Cli.Http;

/// <summary>What a server serves. All is asked on the server's thread.</summary>
internal interface IHttpSite
{
    /// <summary>The answer to a request with the method GET or HEAD.</summary>
    HttpAnswer Answer(HttpRequest request);

    /// <summary>What is sent to all streams now; null: nothing. Asked several times a second while there are streams.</summary>
    byte[]? NextEvent();
}
