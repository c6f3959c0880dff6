import Foundation
import Testing

@testable import Moonwire

struct AudienceFileTests {
    private final class Folder {
        let path = NSTemporaryDirectory() + "moonwire-audience-" + UUID().uuidString

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ bytes: [UInt8]) throws -> String {
            let file = path + "/audience.csv"
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            return file
        }
    }

    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func read(_ bytes: [UInt8], _ options: CSVOptions = CSVOptions()) throws -> AudienceFile.Page {
        var file = try AudienceFile(path: try folder.write(bytes), options: options)
        return try file.next(1000, channel: "shop")
    }

    private func read(_ text: String, _ options: CSVOptions = CSVOptions()) throws -> AudienceFile.Page {
        try read(Array(text.utf8), options)
    }

    private func names(_ page: AudienceFile.Page) throws -> [String?] {
        try page.entries.map { try AudienceRow(json: $0.row)["name"] }
    }

    @Test func headingsInFourLanguagesAreKnown() throws {
        for heading in ["Phone Number;Full name", "رقم الجوال;الاسم", "teléfono;nombre", "телефон;имя"] {
            let page = try read("\(heading)\n+966 50 000 0001;Aisha\n")
            #expect(page.entries.map(\.address) == ["phone:+966500000001"])
            #expect(try names(page) == ["Aisha"])
        }
    }

    @Test(arguments: [",", ";", "\t", "|"]) func theDelimiterIsFoundInTheHeading(delimiter: String) throws {
        let rows = [["phone", "name", "note"], ["+15550001", "Ann", "x"]]
        let page = try read(rows.map { $0.joined(separator: delimiter) }.joined(separator: "\r\n"))
        #expect(try names(page) == ["Ann"])
    }

    @Test func aLineThatDeclaresTheDelimiterIsNoHeading() throws {
        #expect(try names(read("sep=;\r\nphone;name\r\n+15550001;Ann, Ltd\r\n")) == ["Ann, Ltd"])
    }

    @Test func quotedFieldsHoldDelimitersMarksAndLines() throws {
        let page = try read("phone,name\n+15550001,\"Ann \"\"A\"\"\nof, London\"\n+15550002,Ben\n")
        #expect(try names(page) == ["Ann \"A\"\nof, London", "Ben"])
    }

    @Test func whatCannotBeReadIsToldWithItsLineAndTheRestGoesOn() throws {
        let page = try read(
            "phone,name\n+15550001,\"Ann\n of London\"\nnobody,Ben\n+15550003,\"Eve\" x\n,Zoe\n+15550004,a,b\n+15550005,Dan,\n"
        )
        #expect(try names(page) == ["Ann\n of London", "Dan"])
        #expect(page.rejected.map(\.line) == [4, 5, 6, 7])
        #expect(page.rejected[0].reason == "'nobody' is no phone number")
        #expect(page.rejected[1].reason == "has text behind a closing quotation mark")
        #expect(page.rejected[2].reason.hasPrefix("names nobody"))
        #expect(page.rejected[3].reason == "has 3 fields, and the heading 2")
        #expect(page.position == 6)
    }

    @Test func aMissingClosingMarkIsToldAtTheLineWhereItOpens() throws {
        let page = try read("phone,name\n+15550001,Ann\n+15550002,\"Ben\n+15550003,Cid\n")
        #expect(try names(page) == ["Ann"])
        #expect(page.rejected == [RejectedRecord(line: 3, reason: "ends inside of a quotation")])
    }

    @Test func encodingsAreDetected() throws {
        let arabic = "phone,name\n+15550001,عائشة\n+15550002,محمد\n"
        let latin = "phone,name\n+15550001,José\n+15550002,Müller\n"
        func utf16(_ text: String, big: Bool, mark: Bool) -> [UInt8] {
            ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit in
                let bytes = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
                return big ? bytes : bytes.reversed()
            }
        }
        func windows1256(_ text: String) throws -> [UInt8] {
            try text.unicodeScalars.map { scalar in
                if scalar.value < 0x80 { return UInt8(scalar.value) }
                let index = try #require(CodePages.arabic.firstIndex(of: UInt16(scalar.value)))
                return UInt8(0x80 + index)
            }
        }
        for bytes in [
            Array(arabic.utf8), [0xEF, 0xBB, 0xBF] + Array(arabic.utf8), utf16(arabic, big: false, mark: true),
            utf16(arabic, big: true, mark: true), utf16(arabic, big: false, mark: false), try windows1256(arabic),
        ] {
            #expect(try names(read(bytes)) == ["عائشة", "محمد"])
        }
        let single = latin.unicodeScalars.map { UInt8($0.value) }
        #expect(try names(read(single)) == ["José", "Müller"])
        #expect(try names(read(single, CSVOptions(encoding: "latin-1"))) == ["José", "Müller"])
        #expect(try names(read(utf16("phone,name\n+1555000,😀\n", big: false, mark: true))) == ["😀"])
    }

    @Test func aSecondReaderGoesOnBehindWhatWasRead() throws {
        let text = "phone\n" + (1...10).map { "+1555000\($0)\n" }.joined()
        let path = try folder.write(Array(text.utf8))
        var first = try AudienceFile(path: path, options: CSVOptions())
        let page = try first.next(4, channel: "shop")
        #expect(page.position == 4)
        var second = try AudienceFile(path: path, options: CSVOptions(), skipping: page.position)
        let rest = try second.next(100, channel: "shop")
        #expect(rest.entries.first?.address == "phone:+15550005")
        #expect(rest.position == 10)
        let end = try second.next(100, channel: "shop")
        #expect(end.isEmpty)
    }

    @Test func columnsAreMappedByHand() throws {
        let page = try read(
            "Kundennr,Vorname\n77,Ann\n", CSVOptions(columns: ["Kundennr": "identifier", "Vorname": "name"]))
        #expect(page.entries.map(\.address) == ["identifier:77"])
        #expect(throws: BroadcastProblem.self) { try read("phone\n", CSVOptions(columns: ["phon": "phone"])) }
        #expect(throws: BroadcastProblem.self) { try read("phone,mobile\n+1555000,+1555001\n") }
    }

    @Test func everyWayToCutTheFileGivesTheSameRecords() {
        let text = Array("a,\"b\r\n\"\"c\"\"\",d\r\n\r\n\"x\",,\n,,\n1,2,3".utf8)
        var machine = CSVMachine(delimiter: UInt8(ascii: ","))
        var records: [CSVMachine.Record] = []
        for byte in text { if let record = machine.take(byte) { records.append(record) } }
        if let record = machine.finish() { records.append(record) }
        #expect(records.map(\.fields) == [["a", "b\r\n\"c\"", "d"], ["x", "", ""], ["1", "2", "3"]])
        #expect(records.map(\.line) == [1, 4, 6])
    }

    @Test func whatASpreadsheetMakesOfANumberIsNeverSomebodyElses() throws {
        let page = try read(
            """
            phone,name
            966500000001.0,Ann
            966500000002.00,Ben
            966500000003.5,Cid
            9.665E+11,Dan
            5551234/5555678,Eve
            +15550001 +15550002,Fay
            +33.6.12.34.56.78,Guy
            """)
        #expect(
            page.entries.map(\.address) == ["phone:+966500000001", "phone:+966500000002", "phone:+33612345678"])
        #expect(page.rejected.map(\.line) == [4, 5, 6, 7])
        try #require(page.rejected.count == 4)
        #expect(page.rejected[0].reason.contains("decimal"))
        #expect(page.rejected[1].reason.contains("format the column as text"))
        #expect(page.rejected[2].reason.contains("two numbers"))
    }

    @Test func aNumberWithoutACallingCodeIsRejectedWithItsLine() throws {
        let page = try read("phone,email\n0500000077,\n501234567,\n966500000077,\n0500000077,a@x.org\n+0500000077,\n")
        #expect(page.entries.map(\.address) == ["phone:+966500000077"])
        #expect(page.rejected.map(\.line) == [2, 3, 5, 6])
        #expect(page.rejected.allSatisfy { $0.reason.contains("has no calling code") }, "\(page.rejected)")
    }

    @Test func aNumberIsReadAsInTheCountryOfTheFile() throws {
        let page = try read(
            "phone,name\n0500000077,Ann\n500000078.0,Ben\n966500000079,Cid\n+971500000080,Dan\n971500000081,Eve\n12,Fay\n",
            CSVOptions(country: "sa"))
        #expect(
            page.entries.map(\.address) == [
                "phone:+966500000077", "phone:+966500000078", "phone:+966500000079", "phone:+971500000080",
            ])
        #expect(try page.entries.map { try AudienceRow(json: $0.row)["phone"] }.first == "+966500000077")
        #expect(page.rejected.map(\.line) == [6, 7])
        #expect(
            page.rejected.map(\.reason) == [
                "'971500000081' is too long for SA; write a plus sign before its calling code",
                "'12' is no phone number",
            ])
    }

    @Test func whomThePlatformKnowsByAnIDNeedsNoNumber() throws {
        let page = try read("id,phone\n7,none\n8,0500000077\n")
        #expect(page.entries.map(\.address) == ["shop/id:7", "shop/id:8"])
    }

    @Test func aPipeIsNoFile() throws {
        let path = folder.path + "/pipe"
        try #require(mkfifo(path, 0o600) == 0)
        let error = #expect(throws: BroadcastProblem.self) { try AudienceFile(path: path, options: CSVOptions()) }
        #expect(error?.description == "\(path) is no regular file; write what it gives into a file and name that")
    }

    @Test func aFileThatIsAnotherOneByNowIsNotReadOn() throws {
        func text(_ numbers: [Int]) -> [UInt8] { Array(("phone\n" + numbers.map { "+1555000\($0)\n" }.joined()).utf8) }
        let path = try folder.write(text([1, 2, 3, 4]))
        var first = try AudienceFile(path: path, options: CSVOptions())
        let page = try first.next(2, channel: "shop")
        let mark = try #require(AudienceMark(text: page.mark?.text))
        #expect(mark == page.mark)
        // Rows behind what was read do no harm.
        _ = try folder.write(text([1, 2, 3, 4, 5]))
        var longer = try AudienceFile(path: path, options: CSVOptions(), skipping: 2, mark: mark)
        let rest = try longer.next(9, channel: "shop")
        #expect(rest.entries.map(\.address) == ["phone:+15550003", "phone:+15550004", "phone:+15550005"])
        for numbers in [[2, 1, 3, 4], [1]] {
            _ = try folder.write(text(numbers))
            let error = #expect(throws: BroadcastProblem.self) {
                try AudienceFile(path: path, options: CSVOptions(), skipping: 2, mark: mark)
            }
            #expect(error?.description.contains("is not what it was when its first 2 records were read") == true)
        }
    }

    @Test func aFileThatIsWrittenWhileItIsReadIsNotTakenForWhole() throws {
        let path = try folder.write(Array("phone\n+15550001\n".utf8))
        var file = try AudienceFile(path: path, options: CSVOptions())
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("+15550002\n".utf8))
        try handle.close()
        let error = #expect(throws: BroadcastProblem.self) { try file.next(9, channel: "shop") }
        #expect(error?.description.hasPrefix("somebody wrote into the file") == true)
    }

    @Test func aPageEndsAlsoByItsSize() throws {
        let row = "+1555%07d," + String(repeating: "x", count: 60_000) + "\n"
        let path = try folder.write(Array(("phone,note\n" + (1...100).map { String(format: row, $0) }.joined()).utf8))
        var file = try AudienceFile(path: path, options: CSVOptions())
        let page = try file.next(1000, channel: "shop")
        #expect((60...80).contains(page.entries.count), "\(page.entries.count)")
        let rest = try file.next(1000, channel: "shop")
        #expect(rest.position == 100)
    }

    @Test func howTheFileWasReadIsTold() throws {
        let file = try AudienceFile(
            path: try folder.write(Array("phone\tname\n+15550001\tAnn\n".utf8)), options: CSVOptions())
        #expect(file.mark.encoding == "utf-8")
        #expect(file.mark.delimiter == "tab")
    }

    @Test func aFolderIsNoFile() throws {
        let path = folder.path
        let error = #expect(throws: BroadcastProblem.self) { try AudienceFile(path: path, options: CSVOptions()) }
        #expect(error?.description == "\(path) is a folder; name a file")
    }

    @Test func oneBadByteCostsItsRecordAlone() throws {
        let page = try read(
            Array("phone,name\n+15550001,عائشة\n+15550002,".utf8) + [0xFF] + Array("\n+15550003,محمد\n".utf8))
        #expect(try names(page) == ["عائشة", "محمد"])
        #expect(page.rejected.map(\.line) == [3])
        #expect(page.rejected.first?.reason.hasPrefix("is not UTF-8 text") == true)
    }

    @Test func cyrillicIsToldFromArabic() throws {
        func windows1251(_ text: String) -> [UInt8] {
            text.unicodeScalars.map { scalar in
                switch scalar.value {
                case 0x410...0x44F: UInt8(scalar.value - 0x410 + 0xC0)
                case 0x451: 0xB8
                default: UInt8(scalar.value)
                }
            }
        }
        for (heading, name) in [("телефон;имя", "Семён"), ("phone;name", "Иван Петров"), ("phone;name", "ИВАН ПЕТРОВ")]
        {
            #expect(try names(read(windows1251("\(heading)\n+79161234567;\(name)\n"))) == [name])
        }
    }
}
