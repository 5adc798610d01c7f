import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.processor.reports.enums.JobEndStatus;

/**
 * What the rules of veraPDF find in PDF files: a line of JSON for every file and flavour.
 *
 * <p>Arguments: the flavours (ua1,2a), then the files. What cannot be checked to its end gets a
 * line with an error, so that nobody takes it for a file without faults.
 */
class VeraPdf {
    public static void main(String[] arguments) throws IOException {
        VeraGreenfieldFoundryProvider.initialise();
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var json = new ObjectMapper();
        for (var file : List.of(arguments).subList(1, arguments.length)) {
            for (var flavour : arguments[0].split(",")) {
                var line = new LinkedHashMap<String, Object>();
                line.put("file", file);
                line.put("flavour", flavour);
                try {
                    line.putAll(report(validate(new File(file), flavour)));
                } catch (Exception error) {
                    line.put("error", error.toString());
                }
                out.println(json.writeValueAsString(line));
            }
        }
    }

    private static ValidationResult validate(File file, String id) throws Exception {
        var foundry = Foundries.defaultInstance();
        var flavour = PDFAFlavour.byFlavourId(id);
        // Of every rule that fails, the first failure with its message; the others are counted.
        try (var validator = foundry.createValidator(flavour, 1, false, true, false);
                var parser = foundry.createParser(file, flavour)) {
            var result = validator.validate(parser);
            if (result.getJobEndStatus() != JobEndStatus.NORMAL) {
                throw new IllegalStateException("ended early: " + result.getJobEndStatus());
            }
            return result;
        }
    }

    private static Map<String, Object> report(ValidationResult result) {
        var counts = result.getFailedChecks();
        return Map.of(
                "checks", result.getTotalAssertions(),
                "passed", result.isCompliant(),
                "failures", result.getTestAssertions().stream()
                        .map(first -> failure(first, counts.get(first.getRuleId())))
                        .collect(Collectors.toList()));
    }

    private static Map<String, Object> failure(TestAssertion first, int count) {
        var rule = first.getRuleId();
        return Map.of(
                "specification", rule.getSpecification().getId(),
                "clause", rule.getClause(),
                "test", rule.getTestNumber(),
                "description", first.getMessage(),
                "count", count,
                "context", String.valueOf(first.getLocation().getContext()),
                "found", String.valueOf(first.getErrorMessage()));
    }
}
