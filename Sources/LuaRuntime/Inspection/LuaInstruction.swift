/// One instruction of Lua 5.4.
struct LuaInstruction {
    /// In the order of the virtual machine.
    enum Operation: UInt8 {
        case move, loadI, loadF, loadK, loadKX, loadFalse, loadFalseSkip, loadTrue, loadNil
        case getUpvalue, setUpvalue
        case getTableUp, getTable, getI, getField
        case setTableUp, setTable, setI, setField
        case newTable, method
        case addI, addK, subK, mulK, modK, powK, divK, idivK, bandK, borK, bxorK, shrI, shlI
        case add, sub, mul, mod, pow, div, idiv, band, bor, bxor, shl, shr
        case metaBinary, metaBinaryI, metaBinaryK
        case unm, bnot, not, len, concat
        case close, toBeClosed, jump
        case eq, lt, le, eqK, eqI, ltI, leI, gtI, geI, test, testSet
        case call, tailCall, `return`, return0, return1
        case forLoop, forPrep, genericForPrep, genericForCall, genericForLoop
        case setList, closure, vararg, varargPrep, extraArgument
    }

    let operation: Operation
    private let word: UInt32

    /// `nil` for an operation that this version of Lua does not have.
    init?(_ word: UInt32) {
        guard let operation = Operation(rawValue: UInt8(word & 0x7F)) else { return nil }
        self.operation = operation
        self.word = word
    }

    // The fields, under the names of the virtual machine's own documentation.
    var a: Int { Int(word >> 7 & 0xFF) }
    var k: Bool { word >> 15 & 1 == 1 }
    var b: Int { Int(word >> 16 & 0xFF) }
    var c: Int { Int(word >> 24) }
    var bx: Int { Int(word >> 15) }
    private var sJ: Int { Int(word >> 7) - 0xFF_FFFF }

    /// The registers that it may change. Calls leave nothing that counts above their function.
    var changes: Range<Int> {
        switch operation {
        case .setUpvalue, .setTableUp, .setTable, .setI, .setField, .metaBinary, .metaBinaryI, .metaBinaryK, .close,
            .toBeClosed, .jump, .eq, .lt, .le, .eqK, .eqI, .ltI, .leI, .gtI, .geI, .test, .return, .return0, .return1,
            .genericForPrep, .setList, .varargPrep, .extraArgument:
            0..<0
        case .loadNil: a..<(a + b + 1)
        case .method: a..<(a + 2)
        case .call, .tailCall, .vararg: a..<256
        case .forLoop, .forPrep: a..<(a + 4)
        case .genericForCall: (a + 4)..<max(a + 4, 256)
        case .genericForLoop: (a + 2)..<(a + 3)
        default: a..<(a + 1)
        }
    }

    /// The instructions that may come next.
    func successors(at pc: Int) -> [Int] {
        switch operation {
        case .return, .return0, .return1: []
        case .jump: [pc + 1 + sJ]
        case .loadFalseSkip, .loadKX: [pc + 2]
        case .eq, .lt, .le, .eqK, .eqI, .ltI, .leI, .gtI, .geI, .test, .testSet: [pc + 1, pc + 2]
        case .forLoop, .genericForLoop: [pc + 1, pc + 1 - bx]
        case .forPrep: [pc + 1, pc + 2 + bx]
        case .genericForPrep: [pc + 1 + bx]
        default: [pc + 1]
        }
    }
}
