using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>The functions of OpenSSL (1.1.1 or 3) that a client of TLS and a signature take, by their C names; loaded when one is needed.
/// </summary>
internal static unsafe partial class OpenSsl
{
    internal const string Ssl = "ssl";
    internal const string Crypto = "crypto";

    internal const int SSL_VERIFY_PEER = 1;
    internal const int SSL_FILETYPE_PEM = 1;
    internal const int SSL_ERROR_SSL = 1;
    internal const int SSL_ERROR_WANT_READ = 2;
    internal const int SSL_ERROR_WANT_WRITE = 3;
    internal const int SSL_ERROR_ZERO_RETURN = 6;
    internal const int SSL_CTRL_MODE = 33;
    internal const int SSL_CTRL_SET_TLSEXT_HOSTNAME = 55;
    internal const int SSL_CTRL_SET_MIN_PROTO_VERSION = 123;
    internal const nint SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER = 2;
    internal const nint TLS1_2_VERSION = 0x0303;
    internal const ulong SSL_OP_IGNORE_UNEXPECTED_EOF = 1 << 7;
    internal const int EVP_PKEY_ED25519 = 1087;

    private const string Missing = "OpenSSL was not found, which TLS and keys need; install it (Debian: apt install libssl3; Fedora: dnf "
        + "install openssl-libs)";

    static OpenSsl() => ImportResolver.Install();

    /// <summary>The loaded library of this name, <see cref="Ssl"/> or <see cref="Crypto"/>.</summary>
    /// <exception cref="OpenSslException">There is none; the message says what to install.</exception>
    internal static nint Load(string name)
    {
        string[] files = OperatingSystem.IsMacOS()
            ? [$"lib{name}.3.dylib", $"/opt/homebrew/lib/lib{name}.3.dylib", $"/usr/local/lib/lib{name}.3.dylib"]
            : [$"lib{name}.so.3", $"lib{name}.so.1.1"];
        nint library = ImportResolver.LoadFirst(files);
        return library != 0 ? library : throw new OpenSslException(Missing);
    }

    /// <summary>What the library says about the failure of this thread.</summary>
    internal static string Reason()
    {
        nuint error = ERR_get_error();
        if (error == 0)
        {
            return "no reason is given";
        }

        ERR_clear_error();
        const nuint OfSystem = 1u << 31;
        return Marshal.PtrToStringUTF8(ERR_reason_error_string(error))
            ?? ((error & OfSystem) != 0 ? Marshal.GetPInvokeErrorMessage((int)(error & ~OfSystem)) : $"error {error:x}");
    }

    [LibraryImport(Crypto)]
    internal static partial nuint ERR_get_error();

    [LibraryImport(Crypto)]
    internal static partial void ERR_clear_error();

    [LibraryImport(Crypto)]
    internal static partial nint ERR_reason_error_string(nuint e);

    [LibraryImport(Crypto)]
    internal static partial nint X509_verify_cert_error_string(nint n);

    [LibraryImport(Crypto, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int X509_VERIFY_PARAM_set1_ip_asc(nint param, string ipasc);

    [LibraryImport(Crypto)]
    internal static partial nint EVP_PKEY_new_raw_private_key(int type, nint e, byte* key, nuint keylen);

    [LibraryImport(Crypto)]
    internal static partial int EVP_PKEY_get_raw_public_key(nint pkey, byte* pub, nuint* len);

    [LibraryImport(Crypto)]
    internal static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Crypto)]
    internal static partial nint EVP_MD_CTX_new();

    [LibraryImport(Crypto)]
    internal static partial void EVP_MD_CTX_free(nint ctx);

    [LibraryImport(Crypto)]
    internal static partial int EVP_DigestSignInit(nint ctx, nint pctx, nint type, nint e, nint pkey);

    [LibraryImport(Crypto)]
    internal static partial int EVP_DigestSign(nint ctx, byte* sigret, nuint* siglen, byte* tbs, nuint tbslen);

    [LibraryImport(Ssl)]
    internal static partial nint TLS_client_method();

    [LibraryImport(Ssl)]
    internal static partial nint SSL_CTX_new(nint method);

    // Called by TlsClient alone, which owns it.
    [LibraryImport(Ssl)]
    internal static partial void SSL_CTX_free(nint ctx);

    [LibraryImport(Ssl)]
    internal static partial int SSL_CTX_set_default_verify_paths(TlsClient ctx);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_load_verify_locations(TlsClient ctx, string file, nint path);

    [LibraryImport(Ssl)]
    internal static partial void SSL_CTX_set_verify(TlsClient ctx, int mode, nint callback);

    [LibraryImport(Ssl)]
    internal static partial nint SSL_CTX_ctrl(TlsClient ctx, int cmd, nint larg, nint parg);

    [LibraryImport(Ssl)]
    internal static partial ulong SSL_CTX_set_options(TlsClient ctx, ulong options);

    [LibraryImport(Ssl)]
    internal static partial void SSL_CTX_set_default_passwd_cb_userdata(TlsClient ctx, byte* u);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_use_certificate_chain_file(TlsClient ctx, string file);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_use_PrivateKey_file(TlsClient ctx, string file, int type);

    [LibraryImport(Ssl)]
    internal static partial nint SSL_new(TlsClient ctx);

    [LibraryImport(Ssl)]
    internal static partial void SSL_free(nint ssl);

    [LibraryImport(Ssl)]
    internal static partial int SSL_set_fd(nint ssl, int fd);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint SSL_ctrl(nint ssl, int cmd, nint larg, string parg);

    [LibraryImport(Ssl, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_set1_host(nint ssl, string hostname);

    [LibraryImport(Ssl)]
    internal static partial nint SSL_get0_param(nint ssl);

    [LibraryImport(Ssl)]
    internal static partial int SSL_connect(nint ssl);

    [LibraryImport(Ssl)]
    internal static partial int SSL_read(nint ssl, byte* buf, int num);

    [LibraryImport(Ssl)]
    internal static partial int SSL_write(nint ssl, byte* buf, int num);

    [LibraryImport(Ssl)]
    internal static partial int SSL_shutdown(nint ssl);

    [LibraryImport(Ssl)]
    internal static partial int SSL_get_error(nint ssl, int ret);

    [LibraryImport(Ssl)]
    internal static partial nint SSL_get_verify_result(nint ssl);
}
