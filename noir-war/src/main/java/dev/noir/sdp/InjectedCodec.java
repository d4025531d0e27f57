package dev.noir.sdp;

import java.util.HexFormat;

/** How a codec would have been described, had its media come by SDP. */
final class InjectedCodec {
    // AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1): version, then profile_idc, constraints, level_idc.
    private static final int AVC_HEADER = 4;
    // AV1CodecConfigurationRecord: marker and version, then seq_profile in the upper three bits.
    private static final int AV1_HEADER = 4;
    private static final int AV1_PROFILE_SHIFT = 5;
    // Matroska's codec mappings, V_VP9: features of an id, a length and so many octets; 1 is the profile.
    private static final int VP9_PROFILE = 1;

    private InjectedCodec() {}

    static CodecParameters of(Codec codec, byte[] codecPrivate) {
        CodecParameters parameters = new CodecParameters(payloadType(codec), codec, fmtp(codec, codecPrivate));
        if (CodecProfile.of(codec, parameters.fmtp()).isEmpty()) {
            throw new SdpException("a profile of " + codec + " that no browser is asked to decode");
        }
        return parameters;
    }

    /** Those that Chromium gives them. Only the core sees them. */
    private static int payloadType(Codec codec) {
        return switch (codec) {
            case OPUS -> 111;
            case VP8 -> 96;
            case VP9 -> 98;
            case H264 -> 102;
            case AV1 -> 45;
            case RED -> throw new SdpException("RED repeats packets of Opus, and is no codec of frames");
        };
    }

    private static String fmtp(Codec codec, byte[] codecPrivate) {
        return switch (codec) {
            case OPUS -> "minptime=10;useinbandfec=1";
            case VP8, RED -> "";
            case VP9 -> "profile-id=" + vp9Profile(codecPrivate);
            // Its units are put into packets in fragments (RFC 6184 §6.3).
            case H264 -> "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=" + h264Profile(codecPrivate);
            case AV1 -> "level-idx=5;profile=" + av1Profile(codecPrivate) + ";tier=0";
        };
    }

    /** What all browsers decode, when nothing is said. */
    private static String h264Profile(byte[] codecPrivate) {
        return codecPrivate.length < AVC_HEADER ? "42e01f" : HexFormat.of().formatHex(codecPrivate, 1, AVC_HEADER);
    }

    private static int av1Profile(byte[] codecPrivate) {
        return codecPrivate.length < AV1_HEADER ? 0 : (codecPrivate[1] & 0xFF) >> AV1_PROFILE_SHIFT;
    }

    private static int vp9Profile(byte[] codecPrivate) {
        for (int at = 0; at + 2 < codecPrivate.length; at += 2 + (codecPrivate[at + 1] & 0xFF)) {
            if (codecPrivate[at] == VP9_PROFILE && codecPrivate[at + 1] == 1) {
                return codecPrivate[at + 2] & 0xFF;
            }
        }
        return 0;
    }
}
