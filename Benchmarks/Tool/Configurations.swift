import Application
import Infrastructure

/// Reads `--reads` settings, one after the other, out of a configuration of `--settings` that is live: each read takes
/// what holds at that moment.
func configurationReads(_ options: Options) throws {
    let count = options.number("settings")
    let reads = options.number("reads")
    let keys = (0..<count).map { number in
        SettingKey<Int>("setting_\(number)") { values throws(SettingRefusal) in
            guard let value = Int(values.last ?? "") else {
                throw SettingRefusal(expectation: "must be a number")
            }
            return value
        }
    }
    let settings = keys.enumerated().map { index, key in
        EffectiveSetting(
            SettingDeclaration(key, summary: "A number", form: "N", fallback: ["0"]), ["\(index)"],
            from: .fallback)
    }
    let live = LiveValue(try EffectiveConfiguration(settings))
    func sum(_ reads: Int) -> Int {
        var sum = 0
        var index = 0
        for _ in 0..<reads {
            sum &+= live.current[keys[index]]
            index += 1
            if index == count { index = 0 }
        }
        return sum
    }
    // Each key has found its place then.
    let first = sum(count)
    let began = SystemClock.steadyTime()
    let total = sum(reads)
    let taken = SystemClock.steadyTime() - began
    try answer([
        "settings": Double(count), "nanoseconds": Double(taken) / Double(reads),
        "sum": Double(total &+ first),
    ])
}
