import Infrastructure
import Testing

/// Recordings that tests make: speech by flite, pictures by ffmpeg.
enum Recording {
    /// Two short stories with a pause between them, some 25 s.
    private static let talk = """
        Have you ever wondered how a whole ship can vanish? In eighteen seventy two, sailors found a ship drifting in \
        the middle of the ocean. Every single person was gone. Here is a number that should worry you. The average \
        person looks at a phone ninety six times a day. What would you do with one more month?
        """

    /// A few seconds.
    private static let remark = """
        Why do octopuses have three hearts? Two of them serve the gills. The third one serves everything else, and \
        it stops when they swim.
        """

    /// Makes a talk with a small moving picture in `folder`.
    static func talk(in folder: String) async throws -> String {
        try await video(of: talk, in: folder)
    }

    /// Makes a short recording with a small moving picture in `folder`, 6–10 s long.
    static func remark(in folder: String) async throws -> String {
        try await video(of: remark, in: folder)
    }

    private static func video(of text: String, in folder: String) async throws -> String {
        let (sound, video) = (folder + "/talk.wav", folder + "/talk.mp4")
        try await run("flite", ["-voice", "slt", "-t", text, "-o", sound], in: folder)
        try await run(
            "ffmpeg",
            [
                "-nostdin", "-v", "error", "-i", sound, "-f", "lavfi", "-i", "testsrc2=s=320x180:r=15",
                "-shortest",
                "-map", "1:v", "-map", "0:a", "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-ar", "48000",
                video,
            ], in: folder)
        return video
    }

    /// Makes six seconds of speech with a small moving picture in `folder`.
    static func short(in folder: String) async throws -> String {
        let (sound, video) = (folder + "/short.wav", folder + "/short.mp4")
        try await run("flite", ["-voice", "slt", "-t", talk, "-o", sound], in: folder)
        try await run(
            "ffmpeg",
            [
                "-nostdin", "-v", "error", "-i", sound, "-f", "lavfi", "-i", "testsrc2=s=320x180:r=15", "-t",
                "6",
                "-map", "1:v", "-map", "0:a", "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-ar", "48000",
                video,
            ], in: folder)
        return video
    }

    /// Runs a program that must succeed.
    @discardableResult
    static func run(_ name: String, _ arguments: [String], in folder: String) async throws -> String {
        let result = try await ChildProcesses.shared.run(
            ChildProgram(name, arguments, folder: folder, limits: ChildLimits(), network: true))
        #expect(result.exit == .code(0), "\(name): \(result.complaint)")
        return String(decoding: result.output, as: UTF8.self)
    }
}
