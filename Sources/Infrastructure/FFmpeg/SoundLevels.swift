import Application
import Domain
import Glibc

/// Measures how loud a recording is while its samples (16 kHz, mono, 16 bits) go by, and where it is silent.
struct SoundLevels {
    static let sampleRate = 16_000
    /// Samples of a frame of 20 ms, the grid on which silences are found.
    private static let frameLength = 320
    /// Frames that make up one value of the loudness track.
    private static let framesPerValue = Int((SpeechAudio.loudnessInterval * 50).rounded())
    /// The shortest pause that counts as silence, in frames: 0.24 s, longer than the closure of a stop consonant.
    private static let leastSilence = 12
    private static let floor: Float = -90

    /// The level of every frame in dB, rounded: a byte each, so that hours fit in little room.
    private var frames: [Int8] = []
    private(set) var loudness: [Float] = []
    private(set) var samples = 0
    private var frameEnergy = 0.0
    private var valueEnergy = 0.0
    private var oddByte: UInt8?

    var duration: Double { Double(samples) / Double(Self.sampleRate) }

    /// Takes the next bytes, which may end in the middle of a sample.
    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        if let first = oddByte, !bytes.isEmpty {
            oddByte = nil
            add(Int16(bitPattern: UInt16(first) | UInt16(bytes[0]) << 8))
            position = 1
        }
        while position + 1 < bytes.count {
            add(Int16(bitPattern: UInt16(bytes[position]) | UInt16(bytes[position + 1]) << 8))
            position += 2
        }
        if position < bytes.count { oddByte = bytes[position] }
    }

    private mutating func add(_ sample: Int16) {
        let value = Double(sample) / 32768
        frameEnergy += value * value
        samples += 1
        if samples % Self.frameLength == 0 { endFrame() }
    }

    private mutating func endFrame() {
        frames.append(Int8(Self.level(frameEnergy, over: Self.frameLength).rounded()))
        valueEnergy += frameEnergy
        frameEnergy = 0
        if frames.count % Self.framesPerValue == 0 {
            loudness.append(Self.level(valueEnergy, over: Self.frameLength * Self.framesPerValue))
            valueEnergy = 0
        }
    }

    /// The root mean square of `count` samples in dB relative to full scale, not below the floor.
    private static func level(_ energy: Double, over count: Int) -> Float {
        energy > 0 ? max(floor, Float(10 * log10(energy / Double(count)))) : floor
    }

    /// Where nothing is heard.
    ///
    /// The threshold follows the recording: three tenths of the way from its background to its speech (the 10th
    /// and 90th percentile), so that a humming room has pauses too.
    func silences() -> [TimeSpan] {
        guard !frames.isEmpty else { return [] }
        let sorted = frames.sorted()
        let background = Float(sorted[sorted.count / 10])
        let speech = Float(sorted[min(sorted.count - 1, sorted.count * 9 / 10)])
        if speech < -60 { return [TimeSpan(start: 0, end: duration)] }
        guard speech - background >= 8 else { return [] }
        let threshold = min(-25, max(-65, background + 0.3 * (speech - background)))

        var silences: [TimeSpan] = []
        var start: Int?
        for index in 0...frames.count {
            let quiet = index < frames.count && Float(frames[index]) < threshold
            if quiet {
                start = start ?? index
            } else if let begun = start {
                if index - begun >= Self.leastSilence {
                    silences.append(
                        TimeSpan(
                            start: Double(begun * Self.frameLength) / Double(Self.sampleRate),
                            end: Double(index * Self.frameLength) / Double(Self.sampleRate)))
                }
                start = nil
            }
        }
        return silences
    }
}
