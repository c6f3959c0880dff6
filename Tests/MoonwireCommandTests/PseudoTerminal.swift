import Foundation

/// A terminal whose keys a test presses and whose screen it reads.
final class PseudoTerminal {
    private let keyboard: FileHandle
    private let line: FileHandle

    struct Unavailable: Error {}

    init() throws {
        let (descriptor, name) = try Self.open()
        keyboard = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let other = Foundation.open(name, O_RDWR | O_NOCTTY)
        guard other >= 0 else { throw Unavailable() }
        line = FileHandle(fileDescriptor: other, closeOnDealloc: true)
    }

    /// The side of the keys, and the path of the other one.
    private static func open() throws -> (descriptor: Int32, name: String) {
        #if os(Linux)
            // Swift's view of glibc lacks posix_openpt and its relatives: this is what they do.
            let (unlock, number): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
            let descriptor = Foundation.open("/dev/ptmx", O_RDWR | O_NOCTTY)
            var (zero, index): (Int32, Int32) = (0, 0)
            guard descriptor >= 0, ioctl(descriptor, unlock, &zero) == 0, ioctl(descriptor, number, &index) == 0 else {
                throw Unavailable()
            }
            return (descriptor, "/dev/pts/\(index)")
        #else
            let descriptor = posix_openpt(O_RDWR | O_NOCTTY)
            guard descriptor >= 0, grantpt(descriptor) == 0, unlockpt(descriptor) == 0, let name = ptsname(descriptor)
            else { throw Unavailable() }
            return (descriptor, String(cString: name))
        #endif
    }

    /// Runs a program at this terminal to its end, and types as soon as a text is on the screen.
    func run(_ process: Process, typing keys: String, at prompt: String) throws -> (text: String, status: Int32) {
        process.standardInput = line
        process.standardOutput = line
        process.standardError = line
        try process.run()
        // The last one to hold the line is the program, so that its end ends the reading.
        try line.close()
        var screen: [UInt8] = []
        var hasTyped = false
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(keyboard.fileDescriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            screen += buffer[..<count]
            if !hasTyped, String(decoding: screen, as: UTF8.self).contains(prompt) {
                hasTyped = true
                try keyboard.write(contentsOf: Data(keys.utf8))
            }
        }
        let status = process.waitForEnd()
        return (String(decoding: screen, as: UTF8.self), status)
    }
}
