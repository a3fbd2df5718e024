// What the benchmarks need from inside the program: stores full of tasks, bare commits, no-op jobs, streams.
// Each command answers with one JSON object on its last line.

import FoundationEssentials
import Glibc

@main
enum Main {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        var options: [String: String] = [:]
        var index = 1
        while index + 1 < arguments.count {
            options[String(arguments[index].drop { $0 == "-" })] = arguments[index + 1]
            index += 2
        }
        let measure = Options(values: options)
        switch arguments.first {
        case "seed": try await seed(measure)
        case "people": try await people(measure)
        case "commits": try await commits(measure)
        case "jobs": try await jobs(measure)
        case "stream-server": try await streamServer(measure)
        case "rate-limits": try await rateLimits(measure)
        case "health-checks": try await healthChecks(measure)
        case "components": try await components(measure)
        case "configuration": try configurationReads(measure)
        case "stream-client": try streamClient(measure)
        case "forecasts": try evaluateForecasts(measure)
        default:
            print(
                """
                usage: cutroom-bench COMMAND --option value …
                commands: seed, people, commits, jobs, stream-server, rate-limits, health-checks, components,
                configuration, stream-client, forecasts
                """)
            exit(2)
        }
    }
}

/// The options of a command.
struct Options {
    let values: [String: String]

    func text(_ name: String) -> String {
        guard let value = values[name] else {
            print("--\(name) is missing")
            exit(2)
        }
        return value
    }

    func number(_ name: String) -> Int {
        guard let value = Int(text(name)) else {
            print("--\(name) must be a number")
            exit(2)
        }
        return value
    }

    /// The number that an option says, `missing` when it is not there.
    func number(_ name: String, else missing: Int) -> Int { values[name] == nil ? missing : number(name) }
}

/// Prints the figures of a command as its last line.
func answer(_ figures: [String: Double]) throws {
    let data = try JSONEncoder().encode(figures)
    print(String(decoding: data, as: UTF8.self))
}

extension [Double] {
    /// The value below which `share` of all values lie.
    func quantile(_ share: Double) -> Double {
        let sorted = sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[Swift.min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}
