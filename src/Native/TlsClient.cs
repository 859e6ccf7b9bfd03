using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// What a client of TLS 1.2 or 1.3 trusts and shows: the system's authorities or those of a file, and a certificate of its own. Files are
/// read when it is made, so that connections may be made later without them.
/// </summary>
public sealed unsafe class TlsClient : SafeHandle
{
    /// <summary>Makes one that trusts nobody; <see cref="Create"/> makes others.</summary>
    public TlsClient()
        : base(0, ownsHandle: true) => SetHandle(OpenSsl.SSL_CTX_new(OpenSsl.TLS_client_method()));

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Makes one.</summary>
    /// <param name="authorities">A PEM file of the authorities to trust; null: those of the system.</param>
    /// <param name="certificate">A PEM file with the own certificate and those above it; null: none is shown.</param>
    /// <param name="key">A PEM file with its key, without a password; null: it is in the same file.</param>
    /// <exception cref="OpenSslException">A file is none of these, or OpenSSL is not there.</exception>
    public static TlsClient Create(string? authorities, string? certificate, string? key)
    {
        TlsClient client = new();
        try
        {
            client.Set(authorities, certificate, key ?? certificate);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        OpenSsl.SSL_CTX_free(handle);
        return true;
    }

    private void Set(string? authorities, string? certificate, string? key)
    {
        if (IsInvalid)
        {
            throw new OpenSslException($"OpenSSL can not be used: {OpenSsl.Reason()}");
        }

        OpenSsl.ERR_clear_error();
        OpenSsl.SSL_CTX_ctrl(this, OpenSsl.SSL_CTRL_SET_MIN_PROTO_VERSION, OpenSsl.TLS1_2_VERSION, 0);
        OpenSsl.SSL_CTX_ctrl(this, OpenSsl.SSL_CTRL_MODE, OpenSsl.SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER, 0);

        // What goes by TLS here says itself where it ends.
        OpenSsl.SSL_CTX_set_options(this, OpenSsl.SSL_OP_IGNORE_UNEXPECTED_EOF);
        OpenSsl.SSL_CTX_set_verify(this, OpenSsl.SSL_VERIFY_PEER, 0);
        Require(
            authorities == null
                ? OpenSsl.SSL_CTX_set_default_verify_paths(this)
                : OpenSsl.SSL_CTX_load_verify_locations(this, authorities, 0),
            authorities, "has no certificates of authorities in PEM");
        if (certificate == null)
        {
            return;
        }

        // In place of asking for a password on the terminal; it outlives the call.
        fixed (byte* none = "\0"u8)
        {
            OpenSsl.SSL_CTX_set_default_passwd_cb_userdata(this, none);
            Require(OpenSsl.SSL_CTX_use_certificate_chain_file(this, certificate), certificate, "has no certificate in PEM");
            Require(
                OpenSsl.SSL_CTX_use_PrivateKey_file(this, key!, OpenSsl.SSL_FILETYPE_PEM), key,
                "has no key in PEM that fits the certificate and takes no password");
        }
    }

    private static void Require(int result, string? file, string otherwise)
    {
        if (result != 1)
        {
            throw new OpenSslException($"{file ?? "the system's authorities"}: {otherwise} ({OpenSsl.Reason()})");
        }
    }
}
