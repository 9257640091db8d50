import { fault } from '../planted.js';

/** Somebody in a room: where to reach them, and which user it is. */
export interface Member {
  readonly userId: string;
  hear(message: object): void;
}

interface Room {
  /** the creator, and whom a member invited */
  readonly allowed: Set<string>;
  readonly present: Set<Member>;
}

export type Rooms = ReturnType<typeof makeRooms>;

/** Rooms in memory. Whoever joins first creates one; it ends with the last who leaves. Names are compared whole. */
export function makeRooms() {
  const rooms = new Map<string, Room>();
  const entered = (name: string, member: Member) => {
    const room = rooms.get(name);
    return room?.present.has(member) ? room : null;
  };
  const hearers = (name: string, room: Room): Iterable<Member> => {
    if (fault('F164')) return [...rooms.values()].flatMap(({ present }) => [...present]);
    if (fault('F168'))
      return [...rooms].filter(([other]) => name.startsWith(other)).flatMap(([, { present }]) => [...present]);
    return room.present;
  };
  return {
    /** false for a room of others */
    join(name: string, member: Member): boolean {
      const room = rooms.get(name) ?? { allowed: new Set([member.userId]), present: new Set<Member>() };
      if (!room.allowed.has(member.userId) && !fault('F165')) return false;
      room.present.add(member);
      rooms.set(name, room);
      return true;
    },

    /** false for one who is not in the room */
    invite(name: string, member: Member, userId: string): boolean {
      return entered(name, member)?.allowed.add(userId) !== undefined;
    },

    /** everyone in the room hears it, the speaker too; false for one who is not in the room */
    say(name: string, member: Member, message: object): boolean {
      const room = entered(name, member);
      if (room !== null) for (const one of hearers(name, room)) one.hear(message);
      return room !== null;
    },

    leave(name: string, member: Member): void {
      const room = rooms.get(name);
      room?.present.delete(member);
      if (room?.present.size === 0) rooms.delete(name);
    },

    leaveAll(member: Member): void {
      for (const name of [...rooms.keys()]) this.leave(name, member);
    },
  };
}
