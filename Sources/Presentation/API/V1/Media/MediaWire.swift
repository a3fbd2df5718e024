internal import Domain

/// How what was found in a media file stands on the wire.
enum MediaWire {
    static let facts = JSONOutput<MediaFacts>.object(
        "Media", "What was found in a video.",
        [
            JSONField("duration", .amount, "Its length in seconds.", example: 93.4) { $0.duration },
            JSONField("width", .count, "The picture's width as shown, in pixels.", example: 1920) {
                $0.width
            },
            JSONField("height", .count, "The picture's height as shown, in pixels.", example: 1080) {
                $0.height
            },
            JSONField("fps", .amount, "Pictures a second, on average.", example: 29.97) { $0.frameRate },
            JSONField("video_codec", .nullable(.text), "The video codec.", example: "h264") { $0.videoCodec },
            JSONField("audio_codec", .nullable(.text), "The audio codec, null without sound.", example: "aac")
            {
                $0.audioCodec
            },
            JSONField("has_audio", .truth, "Whether there is sound.", example: true) { $0.hasAudio },
            JSONField("captions", .list(of: captionTrack), "The embedded caption tracks that hold text.") {
                $0.captions
            },
        ])

    private static let captionTrack = JSONOutput<MediaFacts.CaptionTrack>.object(
        "CaptionTrack", "A caption track inside a video.",
        [
            JSONField("index", .count, "The stream's index in the file.", example: 2) { $0.index },
            JSONField("language", .nullable(.text), "Its language as the file states it.", example: "eng") {
                $0.language
            },
            JSONField("codec", .text, "Its codec.", example: "mov_text") { $0.codec },
        ])

    static let upload = JSONOutput<Upload>.object(
        "Upload", "A file that was handed in.",
        [
            JSONField("id", .identifier(), "Its identifier, to be used as `upload_id`.") { $0.id },
            JSONField("kind", .name, "What it is.", example: "video") { Kind($0.content) },
            JSONField("filename", .text, "The name it was handed in under.", example: "talk.mp4") {
                $0.filename
            },
            JSONField("bytes", .count, "Its size in bytes.", example: 7_340_032) { $0.file.bytes },
            JSONField("sha256", sha256, "The SHA-256 of its contents, in hexadecimal.") { $0.file.hash },
            JSONField("media", .nullable(facts), "What was found in a video; null for captions.") { upload in
                if case .video(let facts) = upload.content { facts } else { nil }
            },
            JSONField("created_at", .moment, "When it was complete.") { $0.createdAt },
        ])

    private static let sha256 = JSONOutput<ContentHash>(.string(length: 64...64, pattern: "^[0-9a-f]{64}$")) {
        $1.string($0.hexadecimal)
    }

    private enum Kind: String, CaseIterable, Sendable {
        case video, captions

        init(_ content: Upload.Content) {
            switch content {
            case .video: self = .video
            case .captions: self = .captions
            }
        }
    }
}
