/// The address of a page that shows a video, as opposed to that of a video file.
public struct VideoPage: Hashable, Sendable {
    /// The address in one standard spelling, `https`.
    public let address: String

    private static let youTubeHosts: Set<String> = [
        "youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be", "www.youtu.be",
        "youtube-nocookie.com", "www.youtube-nocookie.com",
    ]
    /// The parts of a path that stand before a video's name: `youtube.com/shorts/dQw4w9WgXcQ`.
    private static let youTubeFolders: Set<String> = ["embed", "v", "shorts", "live", "e"]

    /// The page at `address`; nil when its host is none of `hosts` or below them, which makes it an address
    /// to fetch directly.
    ///
    /// Every way to write a YouTube video (`watch?v=`, `youtu.be/`, `embed/`, `v/`, `shorts/`, `live/`, the
    /// mobile and music sites) becomes the same address.
    ///
    /// - Throws: ``MediaError/addressUnsupported(_:)`` for a channel, a list or a search, for plain `http`, and
    ///   for another port.
    public init?(_ address: String, hosts: [String]) throws(MediaError) {
        guard let parts = Parts(address), Self.isListed(parts.host, in: hosts) else { return nil }
        if Self.youTubeHosts.contains(parts.host) {
            guard let video = Self.youTubeVideo(parts) else {
                throw .addressUnsupported("it is not the address of one YouTube video")
            }
            self.address = "https://www.youtube.com/watch?v=\(video)"
        } else {
            guard parts.isSecure, parts.port == nil else {
                throw .addressUnsupported("pages are fetched by https from the usual port only")
            }
            self.address = address
        }
    }

    private static func isListed(_ host: String, in hosts: [String]) -> Bool {
        hosts.contains { listed in
            let listed = listed.lowercased()
            return host == listed || host.hasSuffix("." + listed)
        }
    }

    private static func youTubeVideo(_ parts: Parts) -> Substring? {
        let candidate: Substring?
        if parts.host.hasSuffix("youtu.be") {
            candidate = parts.path.first
        } else if parts.path.first == "watch" {
            candidate = parts.query.first { $0.hasPrefix("v=") }?.dropFirst(2)
        } else if let folder = parts.path.first, youTubeFolders.contains(String(folder)) {
            candidate = parts.path.dropFirst().first
        } else {
            candidate = nil
        }
        guard let candidate, candidate.utf8.count == 11, candidate.utf8.allSatisfy(isVideoLetter) else {
            return nil
        }
        return candidate
    }

    private static func isVideoLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// The parts of an http address; strict, so that no other reader of it finds another host.
    private struct Parts {
        let isSecure: Bool
        let host: String
        let port: Substring?
        let path: [Substring]
        let query: [Substring]

        init?(_ address: String) {
            guard SourceAddress.isFetchable(address), !address.contains("\\") else { return nil }
            isSecure = address.prefix(6).lowercased() == "https:"
            let rest = address.prefix { $0 != "#" }.drop { $0 != "/" }.dropFirst(2)
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            guard !authority.contains("@") else { return nil }
            let pieces = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard pieces.count <= 2, let name = pieces.first else { return nil }
            host = (name.hasSuffix(".") ? name.dropLast() : name).lowercased()
            port = pieces.count == 2 ? pieces[1] : nil
            let tail = rest.dropFirst(authority.count)
            path = tail.prefix { $0 != "?" }.split(separator: "/")
            query = tail.drop { $0 != "?" }.dropFirst().split(separator: "&")
        }
    }
}
