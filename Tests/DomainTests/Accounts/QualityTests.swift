import Domain
import Testing

@Suite("Quality")
struct QualityTests {
    static let shapes = ClipFormat.allCases.filter { $0 != .original }

    @Test("A15: every preset keeps the rules, in every shape", arguments: Quality.Level.allCases, shapes)
    func presets(_ level: Quality.Level, _ shape: ClipFormat) throws {
        let preset = try #require(Quality.preset(level, shape: shape))
        let again = try Quality(
            level: level, size: preset.size, bitrate: preset.bitrate, frameRate: preset.frameRate)
        #expect(again == preset)
        #expect(preset.size.width.isMultiple(of: 2) && preset.size.height.isMultiple(of: 2))
        let ratio = shape.size(for: PictureSize(width: 2, height: 2))
        #expect(preset.size.width * ratio.height == preset.size.height * ratio.width)
    }

    @Test("A15: the original shape has the source's size, and so no preset")
    func original() {
        #expect(Quality.preset(.high, shape: .original) == nil)
    }

    @Test("A15: a portrait is as good as the same picture in landscape", arguments: Quality.Level.allCases)
    func portrait(_ level: Quality.Level) throws {
        let landscape = try #require(Quality.preset(level, shape: .landscape))
        let turned = PictureSize(width: landscape.size.height, height: landscape.size.width)
        let portrait = try Quality(
            level: level, size: turned, bitrate: landscape.bitrate, frameRate: landscape.frameRate)
        #expect(portrait.level == landscape.level)
        #expect(Quality.preset(level, shape: .vertical) == portrait)
    }

    @Test("A15: 1080×1920 is full HD")
    func fullHD() throws {
        let quality = try Quality(level: .high, size: PictureSize(width: 1080, height: 1920), bitrate: 8000)
        #expect(quality.isHD && !quality.is4K)
        #expect(quality.resolution == "1080×1920")
    }

    @Test(
        "A15: level and size agree: each size is of one level, and no other is believed",
        arguments: [
            (640, 480, Quality.Level.low), (641, 480, .medium), (1280, 720, .medium), (1281, 720, .high),
            (1920, 1080, .high), (1922, 1080, .ultra), (4096, 4096, .ultra), (16, 16, .low),
        ])
    func agreement(_ width: Int, _ height: Int, _ level: Quality.Level) throws {
        let size = PictureSize(width: width, height: height)
        #expect(try Quality(size: size, bitrate: 500, frameRate: 30).level == level)
        for other in Quality.Level.allCases where other != level {
            #expect(throws: QualityError.level(level)) {
                try Quality(level: other, size: size, bitrate: 500)
            }
        }
    }

    @Test("A15: sides, aspect, bit rate and frame rate lie within their bounds")
    func bounds() {
        func quality(_ width: Int, _ height: Int, _ bitrate: Int = 500, _ rate: Int = 30) throws {
            _ = try Quality(
                size: PictureSize(width: width, height: height), bitrate: bitrate, frameRate: rate)
        }
        for (width, height) in [(0, 10), (10, 0), (-5, 5), (4097, 1000), (1000, 4097), (Int.max, .max)] {
            #expect(throws: QualityError.side) { try quality(width, height) }
        }
        #expect(throws: QualityError.aspect) { try quality(1001, 100) }
        #expect(throws: QualityError.aspect) { try quality(100, 1001) }
        #expect(throws: Never.self) { try quality(1000, 100) }
        #expect(throws: QualityError.bitrate(limit: 1000)) { try quality(640, 480, 1001) }
        #expect(throws: QualityError.bitrate(limit: 50_000)) { try quality(3840, 2160, 0) }
        #expect(throws: QualityError.frameRate(limit: 30)) { try quality(640, 480, 500, 31) }
        #expect(throws: QualityError.frameRate(limit: 60)) { try quality(1280, 720, 500, 0) }
        #expect(throws: QualityError.frameRate(limit: 120)) { try quality(2560, 1440, 500, 121) }
    }

    @Test("A15: a large picture has fewer pictures a second than its level alone would allow")
    func pixelRate() throws {
        let square = PictureSize(width: 4096, height: 4096)
        #expect(throws: QualityError.frameRate(limit: 31)) {
            try Quality(size: square, bitrate: 500, frameRate: 32)
        }
        _ = try Quality(size: square, bitrate: 500, frameRate: 31)
        _ = try Quality(size: PictureSize(width: 3840, height: 2160), bitrate: 500, frameRate: 60)
    }
}
