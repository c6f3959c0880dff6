import EventJSON
import Testing

@Suite struct JSONTests {
    @Test func orderOfMembersIsKeptButDoesNotCount() throws {
        let one = try JSON(parsing: #"{"b":1,"a":2}"#)
        #expect(one == ["a": 2, "b": 1])
        #expect(one.hashValue == JSON.object(["a": 2, "b": 1]).hashValue)
        #expect(one != ["a": 2, "b": 1, "c": 3])
        #expect(String(decoding: one.bytes, as: UTF8.self) == #"{"b":1,"a":2}"#)
    }

    @Test func settingAMemberKeepsItsPlace() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = 3
        object["c"] = 4
        object["b"] = nil
        #expect(object.members.map(\.key) == ["a", "c"])
        #expect(object["a"] == 3)
    }

    @Test func numbersReadAsDoubleWhateverTheirForm() throws {
        let tree = try JSON(parsing: "[1,1.5]")
        #expect(tree.elements.map(\.double) == [1, 1.5])
        #expect(tree.elements.map(\.int) == [1, nil])
    }
}
