namespace FlowMeter.Native;

/// <summary>Signs with a key of Ed25519 (RFC 8032), by OpenSSL.</summary>
public static unsafe class Ed25519Key
{
    /// <summary>Bytes of a private key.</summary>
    public const int SeedLength = 32;

    private const int SignatureLength = 64;

    /// <summary>The public key of a private one, 32 bytes.</summary>
    /// <exception cref="OpenSslException">OpenSSL is not there, or refuses.</exception>
    public static byte[] PublicKeyOf(ReadOnlySpan<byte> seed)
    {
        nint key = Open(seed);
        try
        {
            byte[] publicKey = new byte[SeedLength];
            nuint length = SeedLength;
            fixed (byte* at = publicKey)
            {
                Require(OpenSsl.EVP_PKEY_get_raw_public_key(key, at, &length));
            }

            return publicKey;
        }
        finally
        {
            OpenSsl.EVP_PKEY_free(key);
        }
    }

    /// <summary>The signature of some bytes, 64 of them.</summary>
    /// <exception cref="OpenSslException">OpenSSL is not there, or refuses.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> bytes)
    {
        nint key = Open(seed);
        nint context = OpenSsl.EVP_MD_CTX_new();
        try
        {
            byte[] signature = new byte[SignatureLength];
            nuint length = SignatureLength;
            fixed (byte* to = signature, from = bytes)
            {
                Require(OpenSsl.EVP_DigestSignInit(context, 0, 0, 0, key));
                Require(OpenSsl.EVP_DigestSign(context, to, &length, from, (nuint)bytes.Length));
            }

            return signature;
        }
        finally
        {
            OpenSsl.EVP_MD_CTX_free(context);
            OpenSsl.EVP_PKEY_free(key);
        }
    }

    private static nint Open(ReadOnlySpan<byte> seed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedLength);
        fixed (byte* at = seed)
        {
            nint key = OpenSsl.EVP_PKEY_new_raw_private_key(OpenSsl.EVP_PKEY_ED25519, 0, at, SeedLength);
            return key != 0 ? key : throw new OpenSslException(OpenSsl.Reason());
        }
    }

    private static void Require(int result)
    {
        if (result != 1)
        {
            throw new OpenSslException(OpenSsl.Reason());
        }
    }
}
