"""The plain words of each code that a refusal or a bye can have (PROTOCOL-23, PROTOCOL-41, FOLD.md)."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # refusals that keep the n
    "bad-frame": "That message could not be read. Nothing was changed.",
    "gap": "An earlier change is still missing here. It is sent again by itself.",
    "slow-down": "That was a lot at once. It goes on in a moment.",
    "busy": "Many changes are on their way. It goes on in a moment.",
    "read-only": "Changes can't be kept just now. Yours wait on this device, and it goes on by itself.",
    "not-open": "This board isn't open on this connection.",
    # refusals that use it up
    "view-only": "This link is for looking. Ask for the link for writing.",
    "rebase": "The board went on meanwhile. The change is placed anew.",
    "bad-words": "These words hold characters that a board can't keep.",
    "bad-ink": "This stroke could not be read.",
    "bad-value": "This property doesn't take that value.",
    "tells": "This would tell who wrote it.",
    "long-ago": "This was settled long ago.",
    # reasons of the fold
    "unreadable": "That change could not be read.",
    "founded": "This board was begun already.",
    "unfounded": "This board hasn't begun yet.",
    "repeat": "This change is there already.",
    "hole": "An earlier change is missing.",
    "exists": "This is on the board already.",
    "unknown-element": "This isn't on the board.",
    "board-full": "The board is full.",
    "aside": "This was set aside. Bring it back first.",
    "not-aside": "This isn't set aside.",
    "stale": "Somebody changed this since.",
    "no-such-field": "There is nowhere to write on this.",
    "old-base": "The words went on too far meanwhile.",
    "future-base": "The board here isn't that far yet.",
    "out-of-range": "The words there have changed.",
    "text-full": "There is no more room for words here.",
    "ink-full": "This stroke is as long as it can be. Begin another.",
    "not-yours": "Only the one who made it can do this.",
    "locked": "Somebody asked that this stays as it is for a while.",
    "not-locked": "This isn't locked.",
    "ask-first": "Whoever wrote this wants to be asked. Propose your words beside it.",
    "no-variant": "This proposal was changed or is gone.",
    "variants-full": "There are many proposals beside this already.",
    "wrong-board": "This belongs elsewhere in the space.",
    "unknown-proposal": "There is no such proposal.",
    "decided": "This was decided already.",
    "proposed": "The same is proposed already.",
    "proposals-full": "Many proposals are open already. Wait until some are decided.",
    "too-often": "You proposed a lot in the last hour. Wait a little.",
    "voting": "Somebody objected already. Now there is a vote.",
    "not-voting": "Nobody has objected yet, so there is no vote.",
    "no-say": "This is for the others to decide.",
    "not-held": "The time of this goes on already.",
    "closed": "This board is closed. It can be opened again by a proposal.",
    "paused": "The room asked you to pause for a while. You can look, object and vote.",
    # answers to open and name
    "no-such-board": "There is no such board in this space.",
    "too-many-boards": "So many boards can't be open at once. Close one first.",
    "bad-name": "This name can't be shown. Please choose another.",
    # byes
    "no-such-link": "This link opens nothing here. Perhaps a part of it was lost in copying.",
    "version": "This page is of another version than the server. Please load it again.",
    "hello-first": "Nobody said hello.",
    "away": "The boards can't be reached just now. Nothing was lost.",
    "behind": "The board here went back to an earlier state. Connecting again compares both.",
}


def words_of(code: str) -> str:
    """Plain words for a code; a code that this version doesn't know gets words that are true of any."""
    return WORDS.get(code, "This can't be done just now.")
