import Application
import Domain
import Infrastructure
import TestSupport
import Testing

@Suite("Burnt-in captions", .enabled(if: Slow.enabled), .serialized) struct CaptionRenderingTests {
    /// One thing that is said, in words that two people may speak.
    struct Speech: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let words: [(text: String, speaker: String)]

        init(_ name: String, _ text: String, then reply: String = "") {
            testDescription = name
            words =
                text.split(separator: " ").map { (String($0), "A") }
                + reply.split(separator: " ").map { (String($0), "B") }
        }

        /// The words, evenly over a second.
        var timed: [Word] {
            words.enumerated().map { index, word in
                let length = 1.0 / Double(words.count)
                return Word(
                    text: word.text,
                    span: TimeSpan(start: Double(index) * length, end: Double(index + 1) * length),
                    speaker: Speaker(label: word.speaker))
            }
        }
    }

    static let speeches = [
        Speech("a 40-letter word", "Donaudampfschifffahrtsgesellschaftspatent matters"),
        Speech("capitals", "NOBODY EXPECTED THIS TO HAPPEN"),
        Speech("Arabic", "مرحبا بكم في هذا الفيديو الجديد"),
        Speech("Japanese", "これは日本語の字幕です。とても長い文章を表示しています。"),
        Speech("emoji", "Party 🎉 time 🚀 ❤️ everyone 👩‍👩‍👧‍👦"),
        Speech("two speakers", "Did you really say that?", then: "Yes, of course I did!"),
    ]

    @Test(
        "C37: nothing changes outside the safe area, and something does inside",
        arguments: ClipFormat.allCases, ["default", "bold", "minimal", "karaoke-box"])
    func safeArea(format: ClipFormat, template: String) async throws {
        let source = try await Footage.make(
            ["-f", "lavfi", "-i", "color=c=0x808080:s=854x480:d=1.2:r=25"] + Footage.quick)
        for speech in Self.speeches {
            try await Rendering.of(source, format: format, words: speech.timed, template: template) {
                rendering in
                let boxes = try await rendering.changes(from: 126)
                let area = CaptionLayout.safeArea(of: rendering.facts.size)
                // The encoder's blocks carry a trace of what is near them a few pixels further.
                let around = area.grown(x: 4, y: 4)
                #expect(boxes.count >= 9, "\(speech.testDescription): captions are missing")
                #expect(boxes.allSatisfy { $0.isInside(around) }, "\(speech.testDescription): \(boxes)")
                #expect(
                    boxes.contains { $0.height > 0.02 * area.height && $0.width > 0.02 * area.width },
                    "\(speech.testDescription): captions are illegible")
            }
        }
    }

    @Test("C6: captions are there when words are spoken, and not before or after")
    func inTime() async throws {
        let source = try await Footage.make(
            ["-f", "lavfi", "-i", "color=c=0x808080:s=640x360:d=4:r=25"] + Footage.quick)
        let words = [Word(text: "now", span: TimeSpan(start: 2, end: 2.5))]
        try await Rendering.of(
            source, span: TimeSpan(start: 1, end: 4), format: .original, words: words, template: "default"
        ) { rendering in
            // From 1 s of the clip to 1.5 s and the short while that a page stays.
            let boxes = try await rendering.changes(from: 126, framesPerSecond: 25)
            #expect((20...24).contains(boxes.count))
        }
    }

    @Test(
        "what people say is never an override, and never a filter",
        arguments: [
            "{\\pos(10,10)}", "{\\an7}", "\\N\\N\\N\\N\\N", "{\\p1}m 0 0 l 5000 0 5000 5000 0 5000{\\p0}",
            "a',drawbox=t=fill,'",
            "{\\fs900}", "[in];movie=/etc/passwd",
            "Dialogue: 0,0:00:00.00,0:00:09.00,Caption,,0,0,0,,{\\an7}x",
        ])
    func textIsText(text: String) async throws {
        let source = try await Footage.make(
            ["-f", "lavfi", "-i", "color=c=0x808080:s=640x360:d=1:r=25"] + Footage.quick)
        let words = [
            Word(
                text: text + "\nDialogue: 0,0:00:00.00,0:00:09.00,Caption,,0,0,0,,{\\an7}x",
                span: TimeSpan(start: 0, end: 1))
        ]
        try await Rendering.of(source, format: .original, words: words, template: "minimal") { rendering in
            let boxes = try await rendering.changes(from: 126)
            let lower = InkBox(left: 20, top: 180, right: 620, bottom: 345)
            #expect(!boxes.isEmpty)
            #expect(boxes.allSatisfy { $0.isInside(lower) })
        }
    }
}
