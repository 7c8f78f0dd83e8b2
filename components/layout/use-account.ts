"use client";
import { useState } from "react";
import { toast } from "@/components/ui/toast";
import { asProblem, call } from "@/lib/api";
import { endSession } from "@/lib/renewal";
import { mayLeave } from "@/lib/unsaved";
import { signOut, signOutEverywhere, switchRole, type Role } from "@/shared";
import type { MessageKey } from "@/lib/messages";
import { useRoutes, useT } from "./locale";
import { setRole } from "./theme";

export type Leaving = "out" | "everywhere" | Role;

export interface Account {
  /** What is under way. */
  readonly leaving: Leaving | undefined;
  readonly end: (everywhere: boolean) => void;
  readonly actAs: (role: Role) => void;
}

/** Ending the session and going on in another role: from the account menu and from the palette alike. */
export function useAccount(): Account {
  const t = useT();
  const routes = useRoutes();
  const [leaving, setLeaving] = useState<Leaving>();
  const failed = (words: MessageKey) => (error: unknown) => {
    setLeaving(undefined);
    const { requestId } = asProblem(error);
    toast(requestId ? t("problem.withId", { words: t(words), id: requestId }) : t(words));
  };
  const begin = (what: Leaving): boolean => {
    if (leaving !== undefined || !mayLeave(t("unsaved.question"))) return false;
    setLeaving(what);
    return true;
  };
  return {
    leaving,
    end: (everywhere) => {
      if (!begin(everywhere ? "everywhere" : "out")) return;
      call(everywhere ? signOutEverywhere : signOut).then(() => {
        endSession({ tellOthers: true });
      }, failed("account.signOutFailed"));
    },
    actAs: (role) => {
      if (!begin(role)) return;
      call(switchRole, { body: { role } }).then((signedIn) => {
        setRole(signedIn.role);
        location.assign(routes.home(signedIn.role));
      }, failed("account.switchFailed"));
    },
  };
}
