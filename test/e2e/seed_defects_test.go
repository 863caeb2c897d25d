package e2e

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// seedDefect is a mistake of the scaffold's server that this service grew from.
// One of them in here would fail the tests that caught names: a function, or a
// case of test/contract by its sentence. Where none can, why says so.
type seedDefect struct {
	number int
	was    string
	caught []string
	why    string
}

var seedDefects = []seedDefect{
	{1, "the signing secret is a literal in two files",
		by("TestTokenOfAnotherInstallationIsRefused", "TestRemovedKeyEndsItsTokens", "TestAnyBackendCanCheckTheTokenWithTheJWKS"), ""},
	{2, "errcode is never read",
		by("TestEveryReturnCodeHasItsAnswer", "TestReturnCodesMeanWhatTencentSays"), ""},
	{3, "a network failure becomes a TypeError and a bare 500",
		by("TestPlatformInTroubleIs503WithinTheDeadline", "TestAnswerThatIsNoAnswerIsAnOutage"), ""},
	{4, "no timeout, no retry policy, the secret in a URL that is logged",
		by("TestPlatformInTroubleIs503WithinTheDeadline", "TestBusyPlatformIsAskedOnceMore",
			"TestT12_T13_NoSecretIsLoggedAnsweredOrStored"), ""},
	{5, "login is a GET whose plus signs become blanks",
		by("TestScaffoldClientNeedsTheCodeAlone", "TestScaffoldClientLogsInUnchanged", "TestT12_T13_NoSecretIsLoggedAnsweredOrStored"), ""},
	{6, "no validation, and no login without open data",
		by("TestScaffoldClientNeedsTheCodeAlone", "TestLoginNeedsTheCodeAlone", "TestABodyThatIsNoLoginIsRefusedWithEveryFault"), ""},
	{7, "decrypts with an undefined key, and every failure is a 500",
		by("TestForgedOpenDataIsAWarningAndChangesNothing", "TestPlatformInTroubleIs503WithinTheDeadline",
			"TestOpenDataOfAnOlderSessionKeyIsRead"), ""},
	{8, "the decrypted openid is never compared",
		by("TestForgedOpenDataIsAWarningAndChangesNothing"), ""},
	{9, "lengths of key and iv are unchecked",
		by("TestForgedOpenDataIsAWarningAndChangesNothing"), ""},
	{10, "the watermark may be absent or as old as it likes",
		by("TestForgedOpenDataIsAWarningAndChangesNothing"), ""},
	{11, "concurrent first logins create duplicates",
		by("TestT20_ParallelFirstLoginsMakeOneUserEach", "of parallel first logins exactly one creates, and all return the same ID"), ""},
	{12, "openid is not required nor scoped by app, no unionid",
		by("TestOneServiceServesManyAppsWhoseSecretsAreFiles", "one OpenID in two apps is two users",
			"a UnionID or profile field that the visitor has replaces the stored one", "TestAnswerThatIsNoAnswerIsAnOutage"), ""},
	{13, "the avatar is written into a field that does not exist",
		by("TestTheSeedWroteTheAvatarIntoAFieldThatDidNotExist"), ""},
	{14, "all users share one createdAt, and updatedAt never changes",
		by("TestEachUserHasTimesOfTheirOwn", "a later login moves LastLoginAt"), ""},
	{15, "the bearer token is stored in clear, one for all devices",
		by("TestDevicesHaveSessionsOfTheirOwn", "TestT12_T13_NoSecretIsLoggedAnsweredOrStored", "TestNoSecretIsStored"), ""},
	{16, "who returns gets the old token's rest, and is never updated",
		by("TestFirstLoginCreatesAndSecondFinds", "TestLoginAgainIsTheSameUserInAnotherSession",
			"a UnionID or profile field that the visitor has replaces the stored one"), ""},
	{17, "an expired token stays, because the update is neither right nor awaited",
		by("TestScaffoldClientWhoseSessionsEndedGetsANewToken", "TestF01_KilledServiceLosesNoAcknowledgedLogin"), ""},
	{18, "a query object is logged as if it were a result",
		by("TestARequestIsLoggedByItsRoute", "TestLogHoldsNoValues"), ""},
	{19, "after a change of the secret nobody known can log in",
		by("TestUsersOutliveTheSigningKey", "TestLastKeyOfTheAlgorithmSignsAndAllVerify"), ""},
	{20, "a failure is a 200 with the database's own words",
		by("TestStoreThatIsAwayIsSaid", "TestTheCauseOfAFailureIsInTheLogAlone", "TestAFailureThatNobodyPromisedSaysNothing"), ""},
	{21, "session_key is handed to the client",
		by("TestScaffoldHandsOutTheSessionKeyOnlyWhereConfigured", "TestT12_T13_NoSecretIsLoggedAnsweredOrStored"), ""},
	{22, "the saved user is logged, token included",
		by("TestT12_T13_NoSecretIsLoggedAnsweredOrStored", "TestTheLogHoldsNothingThatAClientSent"), ""},
	{23, "the token's only claim is the openid",
		by("a token is a JWT of RFC 9068 with these names and no others", "TestAnotherLibraryVerifiesOurTokensWithOurKeySet"), ""},
	{24, "listens before the database is there, and never shuts down",
		by("TestServiceWhoseStoreIsAwayNeverListens", "TestF03_StopUnderLoadFailsNobodyWhoWasLetIn"), ""},
	{25, "open to every origin",
		by("TestNoWebPageOfAnotherOriginMayReadAnswers"), ""},
	{26, "any path that holds /user/login skips the check, any algorithm passes it",
		by("TestPathsThatOnlyNameTheLoginAreGuardedLikeOthers", "every hostile token is invalid, and nothing more is said",
			"TestBannedUserIsRefusedEverywhere"), ""},
	{27, "no way to ask who one is",
		by("TestAccessTokenOpensTheOwnersAccountOnly"), ""},
	{28, "errors have several shapes, some the framework's",
		by("TestEveryFailureIsAProblemDocument", "TestEveryAnswerIsAsDocumented"), ""},
	{29, "AppID and AppSecret in a tracked file, for one app",
		by("TestOneServiceServesManyAppsWhoseSecretsAreFiles", "TestServeRefusesUnsafeSettings"), ""},
	{30, "a production install lacks what it runs on",
		by("TestBinariesNeedNothingElse", "TestDependenciesPointInwards"), ""},
	{31, "workers differ in what they believe, and restart when files change",
		by("TestReplicasShareUsersKeysAndSecrets"), "No process manager and no watching of files: one process serves, replicas agree through the store."},
	{32, "no rate limit, health, body limit or ban",
		by("TestOneAddressMayNotLogInWithoutEnd", "TestReadinessFollowsTheStoreAndShowsTheRest", "TestABodyIsAtMost64KiB",
			"TestBanCountsBesideTheRunningService"), "Metrics, an audit trail and account deletion are not part of this version."},
}

func by(tests ...string) []string { return tests }

func TestEveryDefectOfTheSeedIsAnswered(t *testing.T) {
	functions, sentences := claims(t)
	for n, d := range seedDefects {
		if d.number != n+1 || d.was == "" || len(d.caught) == 0 && d.why == "" {
			t.Errorf("defect %d: got %+v, want its number, what it was, and its answer", n+1, d)
		}
		for _, name := range d.caught {
			known := functions
			if strings.Contains(name, " ") {
				known = sentences
			}
			if !slices.Contains(known, name) {
				t.Errorf("defect %d: there is no test %s", d.number, name)
			}
		}
	}
	if got, want := len(seedDefects), 32; got != want {
		t.Errorf("got %d defects, want the scaffold's %d", got, want)
	}
}

var (
	testFunction = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)
	contractCase = regexp.MustCompile(`(?m)^\s*\{"([^"]+)", \w+\},$`)
)

// claims returns the test functions of the module and the cases of its
// contracts.
func claims(t *testing.T) (functions, sentences []string) {
	t.Helper()
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == "node_modules" {
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		inContract := filepath.Base(filepath.Dir(path)) == "contract"
		if !inContract && !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		for _, found := range testFunction.FindAllSubmatch(text, -1) {
			functions = append(functions, string(found[1]))
		}
		for _, found := range contractCase.FindAllSubmatch(text, -1) {
			sentences = append(sentences, string(found[1]))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return functions, sentences
}
