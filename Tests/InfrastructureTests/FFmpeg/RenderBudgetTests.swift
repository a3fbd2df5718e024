import Infrastructure
import Testing

@Suite("Sharing the cores among clips") struct RenderBudgetTests {
    private static let gibibyte = 1 << 30

    struct Machine: CustomTestStringConvertible, Sendable {
        let cores: Int
        let budget: Int?
        let memory: Int
        let clips: Int
        let threads: Int

        var testDescription: String { "\(budget ?? cores) of \(cores) cores, \(memory >> 20) MiB" }
    }

    @Test(
        "all cores take twice as many clips, some take as many, and memory bounds them",
        arguments: [
            Machine(cores: 2, budget: nil, memory: 24 * gibibyte, clips: 4, threads: 2),
            Machine(cores: 2, budget: 2, memory: 24 * gibibyte, clips: 4, threads: 2),
            Machine(cores: 2, budget: 1, memory: 24 * gibibyte, clips: 1, threads: 1),
            Machine(cores: 2, budget: 9, memory: 24 * gibibyte, clips: 4, threads: 2),
            Machine(cores: 64, budget: nil, memory: 256 * gibibyte, clips: 8, threads: 4),
            Machine(cores: 1, budget: nil, memory: gibibyte / 2, clips: 1, threads: 1),
            // What is sold as 2 GiB.
            Machine(cores: 2, budget: nil, memory: 1_980 << 20, clips: 2, threads: 2),
        ])
    func budget(_ machine: Machine) {
        let budget = RenderBudget(cores: machine.budget, of: machine.cores, memory: machine.memory)
        #expect(budget.clipsAtOnce == machine.clips)
        #expect(budget.threadsPerClip == machine.threads)
    }

    @Test("this machine has memory")
    func memory() {
        #expect(RenderBudget.memoryOfThisMachine > 64 << 20)
    }
}
