import Domain

/// Finds what is interesting in a picture from small grey frames, as they go by.
///
/// Three cues, each spread over the whole frame as a share of one: what moves, what stands out from its wide
/// surroundings, and what has fine structure (faces, text). Motion leads where it is local; where everything
/// moves, as when the camera pans, it says nothing about the subject and counts little. After Itti, Koch and
/// Niebur, "A model of saliency-based visual attention for rapid scene analysis" (1998), much simplified.
struct SaliencyMeter {
    static let width = 2 * PictureTrack.columns
    static let height = 2 * PictureTrack.rows
    static let pixels = width * height

    /// Below this, a change of brightness is noise of the codec (0–255).
    private static let noise: Int32 = 6

    private var previous: [UInt8] = []
    /// How much each pixel changed since the last sample, noise taken off.
    private var change = [Int32](repeating: 0, count: pixels)
    private var framesSinceSample = 0
    private var difference = 0.0

    /// Takes the next frame.
    ///
    /// - Returns: The mean change of brightness since the frame before, 0–255.
    mutating func take(_ frame: [UInt8]) -> Double {
        defer { previous = frame }
        guard previous.count == frame.count else { return 0 }
        var total: Int32 = 0
        for index in 0..<Self.pixels {
            let delta = abs(Int32(frame[index]) - Int32(previous[index]))
            total += delta
            change[index] += max(0, delta - Self.noise)
        }
        framesSinceSample += 1
        let mean = Double(total) / Double(Self.pixels)
        difference += mean
        return mean
    }

    /// Forgets what changed: the scene is a new one.
    mutating func forgetMotion() {
        change = [Int32](repeating: 0, count: Self.pixels)
        framesSinceSample = 0
        difference = 0
    }

    /// What the frames since the last sample come to.
    mutating func sample(at time: Double) -> PictureTrack.Sample {
        defer { forgetMotion() }
        let map = saliency()
        var columns = [Float](repeating: 0, count: PictureTrack.columns)
        var rows = [Float](repeating: 0, count: PictureTrack.rows)
        for y in 0..<Self.height {
            for x in 0..<Self.width {
                columns[x / 2] += map[y * Self.width + x]
                rows[y / 2] += map[y * Self.width + x]
            }
        }
        let meanChange = framesSinceSample > 0 ? difference / Double(framesSinceSample) : 0
        return PictureTrack.Sample(
            time: time, columns: Self.profile(columns), rows: Self.profile(rows),
            motion: Float(min(1, meanChange / 32)))
    }

    private func saliency() -> [Float] {
        guard previous.count == Self.pixels else { return [Float](repeating: 0, count: Self.pixels) }
        let frame = previous
        var structure = [Float](repeating: 0, count: Self.pixels)
        var contrast = [Float](repeating: 0, count: Self.pixels)
        let surroundings = Self.blurred(frame)
        for y in 1..<(Self.height - 1) {
            for x in 1..<(Self.width - 1) {
                let index = y * Self.width + x
                let across = abs(Int32(frame[index + 1]) - Int32(frame[index - 1]))
                let down = abs(Int32(frame[index + Self.width]) - Int32(frame[index - Self.width]))
                structure[index] = Float(max(0, across + down - 2 * Self.noise))
                contrast[index] = max(0, abs(Float(frame[index]) - surroundings[index]) - Float(Self.noise))
            }
        }
        let moving = change.map { Float($0) }
        let movingPart = Double(change.count { $0 > 0 }) / Double(Self.pixels)
        // From a third of the frame on, motion is that of the camera or of the whole scene.
        let motionWeight = movingPart < 0.002 ? 0 : Float(4 * max(0.1, 1 - movingPart / 0.35))

        var map = [Float](repeating: 0, count: Self.pixels)
        for (cue, weight) in [(structure, Float(0.6)), (contrast, 0.7), (moving, motionWeight)] {
            let total = cue.reduce(0, +)
            guard total > 0, weight > 0 else { continue }
            for index in map.indices { map[index] += weight * cue[index] / total }
        }
        for y in 0..<Self.height {
            for x in 0..<Self.width { map[y * Self.width + x] *= Self.middleWeight(x, y) }
        }
        return map
    }

    /// People point cameras at what matters: the edges of the frame count three quarters of its middle.
    private static func middleWeight(_ x: Int, _ y: Int) -> Float {
        let across = (Float(x) + 0.5) / Float(width) * 2 - 1
        let down = (Float(y) + 0.5) / Float(height) * 2 - 1
        return 1 - 0.25 * max(across * across, down * down)
    }

    /// The mean brightness of each pixel's surroundings, a quarter of the frame wide, by sums over rectangles.
    private static func blurred(_ frame: [UInt8]) -> [Float] {
        var sums = [Int32](repeating: 0, count: (width + 1) * (height + 1))
        for y in 0..<height {
            var row: Int32 = 0
            for x in 0..<width {
                row += Int32(frame[y * width + x])
                sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row
            }
        }
        var means = [Float](repeating: 0, count: pixels)
        let (reachX, reachY) = (width / 8, height / 8)
        for y in 0..<height {
            let (top, bottom) = (max(0, y - reachY), min(height, y + reachY + 1))
            for x in 0..<width {
                let (left, right) = (max(0, x - reachX), min(width, x + reachX + 1))
                let sum =
                    sums[bottom * (width + 1) + right] - sums[top * (width + 1) + right]
                    - sums[bottom * (width + 1) + left] + sums[top * (width + 1) + left]
                means[y * width + x] = Float(sum) / Float((bottom - top) * (right - left))
            }
        }
        return means
    }

    /// Sums as bytes, the background (half the median) taken off and the greatest at 255; all 0 for a flat picture.
    private static func profile(_ sums: [Float]) -> [UInt8] {
        let background = sums.sorted()[sums.count / 2] / 2
        let raised = sums.map { max(0, $0 - background) }
        guard let greatest = raised.max(), greatest > 0 else { return sums.map { _ in 0 } }
        return raised.map { UInt8(($0 / greatest * 255).rounded()) }
    }
}
